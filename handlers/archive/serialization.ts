import * as z from "zod";

/** An object of the archive that is missing or does not hold what its key promises. */
export class UnreadableRecord extends Error {
  override readonly name = "UnreadableRecord";
}

/**
 * Reads a JSON object back.
 * @throws {UnreadableRecord} naming the key and what is wrong with it.
 */
export function parseRecord<T>(schema: z.ZodType<T>, key: string, text: string | undefined): T {
  if (text === undefined) throw new UnreadableRecord(`${key} is not in the archive`);
  return parse(schema, key, text);
}

/** Reads a JSON Lines object back; an empty text has no lines. */
export function parseLines<T>(schema: z.ZodType<T>, key: string, text: string): T[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line, index) => parse(schema, `${key} line ${index + 1}`, line));
}

export function toLines(records: readonly unknown[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join("");
}

function parse<T>(schema: z.ZodType<T>, where: string, text: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UnreadableRecord(`${where} is not JSON`, { cause: error });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new UnreadableRecord(`${where}: ${z.prettifyError(parsed.error)}`, { cause: parsed.error });
}

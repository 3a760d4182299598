import type { BytesRead } from "../../query/reading";
import { count, size } from "../../terminal/amounts";
import type { NextCommand } from "../../terminal/next-command";
import { printableJsonLine } from "../../terminal/printable";
import { exitCodeOf, exitCodes } from "../exit-codes";
import { type Basis, failuresOf, isComplete } from "./basis";
import { damageText } from "./damage";
import { basisFields, basisText } from "./text";

export interface Telling {
  /** For programs too: a last line of JSON. */
  readonly json: boolean;
  /** What was read, in words, if that needs saying. */
  readonly of: string;
  /** A command, as it is run here. */
  readonly next: NextCommand;
  /** Of the terminal. */
  readonly columns?: number;
  /** What else the line of JSON tells. */
  readonly fields?: object;
}

/** How far a question is. */
export function readText({ objects, bytes }: BytesRead): string {
  return `Read ${count(objects, "object")}, ${size(bytes)}`;
}

/** Says on standard error what an answer rests on, and returns the exit code that says the same. */
export function tellBasis(
  basis: Basis | undefined,
  read: BytesRead,
  { json, of, next, columns, fields }: Telling,
): number {
  const unreadable = [...new Set([...read.unreadable, ...(basis?.unreadable ?? [])])];
  const damaged = damageText(unreadable, read.doubts, next);
  const nothing = read.objects === 0 ? "This question reads nothing of the archive.\n" : "";
  const lacks = basis !== undefined && !isComplete({ ...basis, unreadable: [] });
  const rests = basis ? basisText(basis, next, columns) : nothing;
  // "Holds all that was asked for" is not said beside what cannot be relied on.
  process.stderr.write(`${damaged}${damaged === "" || lacks ? rests : ""}${readText(read)}${of}.\n`);
  if (json) {
    const fieldsOfBasis = basis ? { ...basisFields(basis), complete: isComplete(basis) && damaged === "" } : {};
    const restsOn = { ...fieldsOfBasis, unreadable, doubts: read.doubts };
    process.stderr.write(printableJsonLine({ ...fields, restsOn, read: { objects: read.objects, bytes: read.bytes } }));
  }
  if (damaged !== "") return exitCodes.altered;
  return basis ? exitCodeOf(failuresOf(basis)) : exitCodes.complete;
}

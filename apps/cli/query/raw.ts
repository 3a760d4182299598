import type { Writable } from "node:stream";
import { DuckDBTimestampValue } from "@duckdb/node-api";
import type { Answer } from "../../query/archive-database";
import { printableLines } from "../../terminal/printable";
import { write } from "../output";

/** Writes events as CloudWatch Logs exports them: the time, a space, the message. A terminal gets no controls to obey. Returns how many. */
export async function writeRaw(
  { batches }: Answer,
  out: Writable & { readonly isTTY?: boolean },
  limit = Number.POSITIVE_INFINITY,
): Promise<number> {
  let count = 0;
  for await (const rows of batches) {
    for (const [ts, message] of rows) {
      if (count === limit) return count;
      count += 1;
      const time = ts instanceof DuckDBTimestampValue ? `${new Date(Number(ts.micros / 1000n)).toISOString()} ` : "";
      const text = `${time}${message}\n`;
      await write(out, out.isTTY ? printableLines(text) : text);
    }
  }
  return count;
}

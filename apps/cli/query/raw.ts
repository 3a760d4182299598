import type { Writable } from "node:stream";
import { DuckDBTimestampValue } from "@duckdb/node-api";
import type { Answer } from "../../query/archive-database";
import { printableLines } from "../../terminal/printable";
import { write } from "../output";

/**
 * Writes events as their source wrote them, or as CloudWatch Logs exports them: the time, a space, the message. A terminal gets no
 * controls to obey. Returns how many.
 */
export async function writeRaw(
  { batches }: Answer,
  out: Writable & { readonly isTTY?: boolean },
  { limit = Number.POSITIVE_INFINITY, stamped }: { readonly limit?: number; readonly stamped: boolean },
): Promise<number> {
  let count = 0;
  for await (const rows of batches) {
    for (const [ts, message] of rows) {
      if (count === limit) return count;
      count += 1;
      const time =
        stamped && ts instanceof DuckDBTimestampValue ? `${new Date(Number(ts.micros / 1000n)).toISOString()} ` : "";
      const text = `${time}${message}\n`;
      await write(out, out.isTTY ? printableLines(text) : text);
    }
  }
  return count;
}

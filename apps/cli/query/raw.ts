import { DuckDBTimestampValue } from "@duckdb/node-api";
import type { Answer } from "../../query/archive-database";
import { Pages, type Screen } from "../../terminal/pager";
import { shown } from "../output";

interface RawOptions {
  readonly limit?: number;
  readonly stamped: boolean;
}

/**
 * Writes events as their source wrote them, or as CloudWatch Logs exports them: the time, a space, the message. On a terminal
 * they go through the pager, until the person leaves it. Returns how many were written.
 */
export async function writeRaw(answer: Answer, out: Screen, options: RawOptions): Promise<number> {
  const pages = new Pages(out);
  const count = await writeTexts(answer, out, options, pages);
  await pages.end();
  return count;
}

async function writeTexts(
  { batches }: Answer,
  out: Screen,
  { limit = Number.POSITIVE_INFINITY, stamped }: RawOptions,
  pages: Pages,
): Promise<number> {
  let count = 0;
  for await (const rows of batches)
    for (const [ts, message] of rows) {
      if (count === limit) return count;
      count += 1;
      const time =
        stamped && ts instanceof DuckDBTimestampValue ? `${new Date(Number(ts.micros / 1000n)).toISOString()} ` : "";
      if (!(await pages.write(shown(`${time}${message}\n`, out)))) return count;
    }
  return count;
}

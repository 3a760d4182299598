import type { Due } from "../../../handlers/archive/due";
import { readExpectations } from "../../../handlers/archive/expectations";
import { regionOfBucket } from "../../../handlers/archive/layout";
import type { Range } from "../../../handlers/archive/range";
import type { UnreadableRecord } from "../../../handlers/archive/serialization";
import { standingCoverage } from "../../../handlers/archive/standing-coverage";
import type { ArchiveReader } from "../../../handlers/archive/store";
import { type ReasonCode, reasonCode } from "../../../handlers/contract/reasons";
import { emptyRange, unknownLogGroup } from "../options";
import { type Cell, type CoverageCalendar, cellsOf, makeCalendar } from "./calendar";
import { LogGroupLines } from "./log-group-lines";

/**
 * Reads an archive's coverage into a calendar.
 * @param due up to what the archive is held to account
 * @param damaged told of each record that cannot be read
 * @param asked the log group, if only one is meant: then only the accounts are shown that have it, or may have it; and the reason
 *   whose items are shown whatever it says
 * @param read told of what is read, for a person who waits
 * @throws {UsageError} when the archive knows nothing of the range.
 */
export async function readCalendar(
  buckets: readonly ArchiveReader[],
  range: Range,
  due: Due,
  damaged: (error: UnreadableRecord) => void,
  { logGroup, reason }: { readonly logGroup?: string; readonly reason?: ReasonCode } = {},
  read: (text: string) => void = () => {},
): Promise<CoverageCalendar> {
  const asked = logGroup === undefined ? undefined : new LogGroupLines(logGroup);
  const found: Cell[] = [];
  const names = new Map<string, string>();
  for (const bucket of buckets) {
    const expectations = await readExpectations(bucket, range, "unrecorded", damaged, due);
    for await (const lines of standingCoverage(bucket, range, expectations)) {
      found.push(...cellsOf(asked ? asked.of(lines) : lines, { asked: reason, judgedOn: expectations.judgedOn }));
      read(`${bucket.bucket}: ${lines[0]?.day ?? "..."}`);
    }
    for (const [id, name] of expectations.names.entries())
      if (!range.accounts || range.accounts.includes(id)) names.set(id, name);
  }
  if (asked && logGroup !== undefined && !asked.isKnown) throw unknownLogGroup(logGroup, asked.seen);
  const cells = asked ? found.filter((cell) => asked.mayHave(cell)) : found;
  const having = new Set(cells.map(({ account }) => account));
  const isUnknown = ({ items }: Cell) =>
    items.length > 0 && items.every(({ reason }) => reasonCode(reason) === "not-covered");
  if (cells.every(isUnknown)) throw emptyRange("no run has covered any of it");
  const calendar = makeCalendar(
    cells,
    asked ? new Map([...names].filter(([id]) => having.has(id))) : names,
    buckets.flatMap(({ bucket }) => regionOfBucket(bucket) ?? []),
  );
  return logGroup === undefined ? calendar : { ...calendar, logGroup };
}

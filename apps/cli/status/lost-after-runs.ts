import { readExpectations } from "../../../handlers/archive/expectations";
import type { Report } from "../../../handlers/archive/records";
import { standingCoverage } from "../../../handlers/archive/standing-coverage";
import type { ArchiveReader } from "../../../handlers/archive/store";
import { type Cell, cellsOf } from "../coverage/calendar";
import { failedAsWhole, type LostNext, lostNextOf } from "../coverage/lost-next";

/** What is lost of what runs left open, if nothing is done. */
export interface LostAfterRuns {
  /** Soonest first. */
  readonly lostNext: readonly LostNext[];
  /** Accounts that failed as a whole, of whose log groups no run knows. */
  readonly wholeAccounts: number;
}

/** Reads what CloudWatch Logs deletes next on the days of each Region's run. */
export async function lostAfterRuns(
  ended: readonly { readonly bucket: ArchiveReader; readonly report: Report }[],
): Promise<LostAfterRuns> {
  const cells: Cell[] = [];
  const names = new Map<string, string>();
  for (const { bucket, report } of ended) {
    const days = [...report.days].sort();
    const [from, to] = [days[0], days.at(-1)];
    // What is complete left nothing open.
    if (from === undefined || to === undefined || report.status === "complete") continue;
    const expectations = await readExpectations(bucket, { from, to }, "unrecorded", () => {}, {});
    for await (const lines of standingCoverage(bucket, { from, to }, expectations))
      cells.push(...cellsOf(lines.filter(({ outcome }) => outcome === "failed")));
    for (const [id, name] of expectations.names.entries()) names.set(id, name);
  }
  const accounts = [...names].map(([id, name]) => ({ id, name }));
  return { lostNext: lostNextOf({ cells, accounts }), wholeAccounts: failedAsWhole({ cells }) };
}

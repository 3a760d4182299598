import { readExpectations } from "../../../handlers/archive/expectations";
import { coverageRoot, dayOfFolder, receiptsRoot, regionOfBucket } from "../../../handlers/archive/layout";
import type { Range } from "../../../handlers/archive/range";
import type { CoverageLine } from "../../../handlers/archive/records";
import { standingCoverage } from "../../../handlers/archive/standing-coverage";
import type { ArchiveReader } from "../../../handlers/archive/store";
import { reason, reasonCode } from "../../../handlers/contract/reasons";
import { rangeOfSelection, type Selection, selects } from "../../query/selection";
import { printable } from "../../terminal/printable";

/** What the archive does not hold of what a question is about, so that no answer looks like one from a whole archive. */
export interface NotHeld {
  /** A run or a person can cure it, or it was altered. */
  readonly failed: readonly CoverageLine[];
  /** It is gone for good, or was left out on purpose. */
  readonly skipped: readonly CoverageLine[];
  /** Damaged records, by which more may have been expected. */
  readonly unreadable: readonly string[];
  /** The archive begins later, or ends earlier, than what is asked about: the first or last day that it has. */
  readonly begins?: string;
  readonly ends?: string;
}

/**
 * @param selection the parts of the archive that the question can want.
 * @param days those that the person asked about, where the selection has others besides.
 */
export async function notHeld(
  buckets: readonly ArchiveReader[],
  selection: Selection,
  days: Pick<Range, "from" | "to"> = rangeOfSelection(selection),
): Promise<NotHeld> {
  const failed: CoverageLine[] = [];
  const skipped: CoverageLine[] = [];
  const unreadable: string[] = [];
  const { accounts } = rangeOfSelection(selection);
  const range: Range = { ...days, ...(accounts ? { accounts } : {}) };
  const archived: string[] = [];
  for (const bucket of buckets) {
    if (!selects(selection, { region: regionOfBucket(bucket.bucket) ?? bucket.bucket })) continue;
    const expectations = await readExpectations(bucket, range, "unrecorded", ({ message }) => unreadable.push(message));
    archived.push(...(await daysOf(bucket)));
    for await (const lines of standingCoverage(bucket, range, expectations))
      for (const line of lines) {
        const { region, account, day, logGroup, outcome } = line;
        const partition = { region, account, day, ...(logGroup === null ? {} : { log_group: logGroup }) };
        if (!selects(selection, partition)) continue;
        const damage = line.reason?.startsWith(unreadableRecord) && line.reason.slice(unreadableRecord.length);
        if (damage) unreadable.push(damage);
        else if (outcome === "failed") failed.push(line);
        if (outcome === "skipped") skipped.push(line);
      }
  }
  const [begins, ends] = [archived.sort()[0], archived.at(-1)];
  return {
    failed,
    skipped,
    unreadable,
    ...(begins && days.from && days.from < begins ? { begins } : {}),
    ...(ends && days.to && days.to > ends ? { ends } : {}),
  };
}

/** The days of which a bucket has any record. */
async function daysOf(bucket: ArchiveReader): Promise<string[]> {
  const recorded = await Promise.all([coverageRoot, receiptsRoot].map((root) => bucket.entries(root)));
  return recorded.flatMap(({ folders }) => folders.flatMap((folder) => dayOfFolder(folder) ?? []));
}

const unreadableRecord = reason("unreadable-record", " ");

/** Lines that are listed; the rest is counted. */
const listed = 10;

export function notHeldText({ failed, skipped, begins, ends }: NotHeld): string {
  const lines: string[] = [];
  if (failed.length > 0) {
    lines.push("This answer is not complete. Of what it is about, the archive does not hold:");
    for (const { day, region, account, logGroup, reason: why } of failed.slice(0, listed))
      lines.push(
        `  ${day} ${region} account ${account}${logGroup === null ? "" : `, log group ${logGroup}`}: ${why ?? "failed"}`,
      );
    if (failed.length > listed) lines.push(`  and ${failed.length - listed} more`);
    lines.push("`org-log-archive coverage` shows all of it, and why.");
  }
  if (skipped.length > 0) lines.push(`Skipped for good: ${skipped.length} (${byReason(skipped)}).`);
  if (begins) lines.push(`The archive begins with ${begins}: it has nothing of earlier days.`);
  if (ends) lines.push(`The archive ends with ${ends}: it has nothing of later days yet.`);
  return lines.map((line) => `${printable(line)}\n`).join("");
}

function byReason(lines: readonly CoverageLine[]): string {
  const counts = new Map<string, number>();
  for (const { reason } of lines) {
    const code = reasonCode(reason ?? "") ?? reason ?? "no reason";
    counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  return [...counts].map(([code, count]) => `${code} ${count}`).join(", ");
}

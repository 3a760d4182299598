import { latestLines } from "../archive/coverage";
import { logGroupHash } from "../archive/layout";
import { receiptNumbers } from "../archive/receipts";
import type { CoverageLine } from "../archive/records";
import type { ArchiveReader } from "../archive/store";
import { reasonCode } from "../contract/reasons";

type FailedLogGroup = CoverageLine & { readonly logGroup: string };

/** What earlier runs have settled for one account and day: nothing of it needs another look. */
export interface Settled {
  logGroup(name: string): boolean;
  /** The whole account: it had no log groups. */
  readonly account: boolean;
  /** The whole account stands as failed: an earlier run could not even list its log groups. */
  readonly accountFailed: boolean;
  /** The lines of log groups that stand as failed. */
  readonly failed: readonly FailedLogGroup[];
}

/** Reads an account's receipts (by their keys alone) and coverage of a day. */
export async function readSettled(archive: ArchiveReader, day: string, account: string): Promise<Settled> {
  const receipted = await receiptNumbers(archive, day, account);
  const latest = await latestLines(archive, day, account);
  const finalLines = [...latest.values()].filter(isFinal);
  const covered = new Set(finalLines.map(({ logGroup }) => logGroup));
  return {
    logGroup: (name) => covered.has(name) || receipted.has(logGroupHash(name)),
    account: covered.has(null),
    accountFailed: latest.get({ account, day, logGroup: null })?.outcome === "failed",
    failed: [...latest.values()].filter(
      (line): line is FailedLogGroup =>
        line.outcome === "failed" && line.logGroup !== null && !receipted.has(logGroupHash(line.logGroup)),
    ),
  };
}

/**
 * What the configuration skipped, another configuration may want. And a log group that was deleted once, and is listed again
 * as older than the day, has been created again during it: it holds what came after. Only these are looked at again.
 */
function isFinal(line: CoverageLine): boolean {
  if (line.outcome === "empty") return true;
  if (line.outcome !== "skipped") return false;
  switch (reasonCode(line.reason ?? "")) {
    case "expired":
    case "created-after-day":
    case "delivery-class":
    case "key-too-long":
      return true;
    default:
      return false;
  }
}

import { latestLines } from "../archive/coverage";
import { coveragePrefix, logGroupHash, receiptsPrefix } from "../archive/layout";
import type { CoverageLine } from "../archive/records";
import type { Archive } from "../archive/s3-store";
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
export async function readSettled(archive: Archive, day: string, account: string): Promise<Settled> {
  const receipted = new Set<string>();
  const receipts = receiptsPrefix(day, account);
  for await (const { key } of archive.list(receipts)) receipted.add(key.slice(receipts.length).split(".", 1)[0] ?? "");
  const latest = await latestLines(archive, coveragePrefix(day, account));
  const finalLines = [...latest.values()].filter(isFinal);
  const covered = new Set(finalLines.map(({ logGroup }) => logGroup));
  return {
    logGroup: (name) => covered.has(name) || receipted.has(logGroupHash(name)),
    account: covered.has(null),
    accountFailed: latest.get(null)?.outcome === "failed",
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

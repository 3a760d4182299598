import { latestLines } from "../archive/coverage";
import { logGroupHash } from "../archive/layout";
import { receiptNumbers } from "../archive/receipts";
import type { CoverageLine } from "../archive/records";
import type { ArchiveReader } from "../archive/store";
import { type ReasonCode, reasonCode } from "../contract/reasons";

type FailedLogGroup = CoverageLine & { readonly logGroup: string };

/**
 * What earlier runs made of a log group's day: `settled` needs no other look, `unrecorded` has a receipt and no line of coverage
 * that says so, and is `open` otherwise.
 */
export type Standing = "open" | "settled" | "unrecorded";

const standings: readonly Standing[] = ["open", "settled", "unrecorded"];

/** What earlier runs have settled for one account and day. */
export interface Settled {
  /** @param index of a listed log group */
  logGroup(index: number): Standing;
  /** The whole account: it had no log groups. */
  readonly account: boolean;
  /** The whole account stands as failed: an earlier run could not even list its log groups. */
  readonly accountFailed: boolean;
  /** The lines of log groups that stand as failed and are not listed any more. */
  readonly deleted: readonly FailedLogGroup[];
  /** By the names of log groups that stand as failed: export tasks that were begun, and that no receipt commits. */
  readonly begun: ReadonlyMap<string, readonly string[]>;
  /** Whether a run ended in the middle of its work, so that a task may exist whose id is on no record. */
  readonly interrupted: boolean;
}

/** The reasons that an account's execution ended for, rather than an item. */
const interruptions: ReadonlySet<ReasonCode | undefined> = new Set<ReasonCode>([
  "not-reached",
  "execution-died",
  "throttled",
  "access-denied",
  "role-not-assumable",
  "region-not-enabled",
]);

/**
 * Reads an account's receipts (by their keys alone) and coverage of a day. What is kept of it is a byte for each listed log
 * group: the lines of several days would not fit a function's memory.
 * @param listed names of the account's log groups, in their order
 */
export async function readSettled(
  archive: ArchiveReader,
  day: string,
  account: string,
  listed: readonly string[],
): Promise<Settled> {
  const receipted = await receiptNumbers(archive, day, account);
  const latest = await latestLines(archive, day, account);
  const states = Uint8Array.from(listed, (logGroup) => {
    const line = latest.get({ account, day, logGroup });
    return standings.indexOf(standingOf(line, receipted.has(logGroupHash(logGroup))));
  });
  const whole = latest.get({ account, day, logGroup: null });
  const names = new Set(listed);
  const failed = [...latest.values()].filter(
    (line): line is FailedLogGroup =>
      line.outcome === "failed" && line.logGroup !== null && !receipted.has(logGroupHash(line.logGroup)),
  );
  return {
    logGroup: (index) => standings[states[index] ?? 0] ?? "open",
    account: whole !== undefined && isFinal(whole),
    accountFailed: whole?.outcome === "failed",
    deleted: failed.filter(({ logGroup }) => !names.has(logGroup)),
    begun: new Map(failed.flatMap(({ logGroup, openTaskIds }) => (openTaskIds ? [[logGroup, openTaskIds]] : []))),
    interrupted: failed.some(({ reason = "" }) => interruptions.has(reasonCode(reason))),
  };
}

function standingOf(line: CoverageLine | undefined, isReceipted: boolean): Standing {
  if (isReceipted) return line?.taskIds ? "settled" : "unrecorded";
  return line && isFinal(line) ? "settled" : "open";
}

/**
 * What the configuration skipped, another configuration may want. And a log group that was deleted once, and is listed again
 * as older than the day, has been created again during it: it holds what came after. Only these are looked at again.
 */
export function isFinal(line: CoverageLine): boolean {
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

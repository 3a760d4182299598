import { parseReceiptKey } from "../../../handlers/archive/layout";
import type { CoverageLine } from "../../../handlers/archive/records";
import { reasonCode, reasons } from "../../../handlers/contract/reasons";
import { isFinal } from "../../../handlers/plan-exports/settled";
import type { AskedItem, ItemRecords } from "../item/item-records";
import { similarNames } from "../options";
import { type Change, isFuture, type Moment, nextRun } from "./next-run";

/** What a Region's archive says of an item in the end. */
export interface Verdict extends Change {
  /** The line that stands: the log group's own, or the whole account's where that is all there is. */
  readonly standing: CoverageLine | undefined;
  /** What stands, in a few words. */
  readonly stands: string;
  readonly why: string;
}

export function verdictOf(item: AskedItem, records: ItemRecords, moment: Moment): Verdict {
  const { standing, account, receipts } = records;
  if (standing) {
    const receipt = receipts.at(-1);
    const committed = receipt && standing.taskIds ? `, by receipt ${parseReceiptKey(receipt.key)?.n}` : "";
    const sealed = committed && !isSealed(records) ? ", not sealed" : "";
    const stands = `${standing.outcome}${standing.reason ? `, ${standing.reason}` : ""}${committed}${sealed}`;
    return { standing, stands, why: whyOf(standing, records), ...changeOf(item, standing, records, moment) };
  }
  if (account && account.outcome !== "exported") {
    if (isFuture(item, records, moment)) return future(item, records, moment);
    const stands = `the whole account: ${account.outcome}, ${account.reason}`;
    return {
      standing: account,
      stands,
      why: whyOf(account, records),
      ...changeOf(item, account, records, moment),
    };
  }
  return unknown(item, records, moment);
}

/** Whether a seal binds the receipt that stands. */
function isSealed({ receipts, seals }: ItemRecords): boolean {
  const key = receipts.at(-1)?.key;
  return seals.some(({ record }) => record.items.some(({ receipt }) => receipt === key));
}

function whyOf({ reason, outcome, taskIds }: CoverageLine, { receipts }: ItemRecords): string {
  const code = reasonCode(reason ?? "");
  if (code) return reasons[code];
  if (reason) return reason;
  if (taskIds && receipts.length === 0) return "Coverage says that it was archived, and its receipt cannot be read.";
  return taskIds ? "A receipt names the export tasks that wrote the day." : `A run recorded it as ${outcome}.`;
}

/** A run that finds no receipt exports the day again: then what was sealed no longer has its receipt, for good. */
const restore =
  "Bringing back the receipt as it was, before the next run exports the day again: docs/restoring.md says how. What else was altered, verifying says.";
const sealing =
  "The next run seals it. If it did not, its report says why (not-sealed), and verifying names what is damaged.";
const archived =
  "Nothing: no run exports it again. Only a receipt with a higher number would stand in its place. Whether the objects are as they were sealed, verifying says.";

function changeOf(item: AskedItem, line: CoverageLine, records: ItemRecords, moment: Moment): Change {
  const code = reasonCode(line.reason ?? "");
  const { account, day } = item;
  const verify = moment.next(`verify --deep --account ${account} --from ${day} --to ${day}`);
  if (code === "missing-receipt" || (line.taskIds && records.receipts.length === 0))
    return { change: restore, commands: [verify] };
  if (line.taskIds && line.outcome !== "failed" && !isSealed(records))
    return { change: sealing, commands: [moment.next("status --report"), verify] };
  if (line.taskIds && line.outcome !== "failed") return { change: archived, commands: [verify] };
  if (isFinal(line)) return { change: "Nothing: no run looks at it again.", commands: [] };
  const { change, commands } = nextRun(item, records, line, moment);
  if (code === "not-covered") return { change, commands };
  if (line.outcome === "failed") return { change: `The cure of the cause. ${change}`, commands };
  const other = code === "excluded-by-configuration" ? "Another configuration." : "Another state of things.";
  return { change: `${other} ${change}`, commands };
}

function future(item: AskedItem, records: ItemRecords, moment: Moment): Verdict {
  const change = nextRun(item, records, undefined, moment);
  return { standing: undefined, stands: "nothing yet", why: "The day has not ended.", ...change };
}

function unknown(item: AskedItem, records: ItemRecords, moment: Moment): Verdict {
  if (isFuture(item, records, moment)) return future(item, records, moment);
  const { logGroup } = item;
  const similar = similarNames(logGroup, records.logGroups);
  const isListed = records.logGroups.includes(logGroup);
  const why =
    records.runs.length === 0
      ? "No run has covered this day."
      : records.logGroups.length === 0
        ? "No run that covered this day has a plan of this account."
        : isListed
          ? "A run listed the log group, and recorded nothing about this day."
          : "No run that covered this day found such a log group in the account.";
  const nothing = { standing: undefined, stands: "nothing on record", why };
  if (!isListed && similar.length > 0)
    return { ...nothing, change: `Check the name. There are: ${similar.join(", ")}.`, commands: [] };
  const { change, commands } = nextRun(item, records, undefined, moment);
  return { ...nothing, change: `Check account, name and day. ${change}`, commands };
}

import pMap from "p-map";
import { AccountList, Plan } from "../../../handlers/contract/records";
import { parseRecord } from "../../../handlers/contract/serialization";
import { type ArchiveBucket, isInRange, type Range } from "../../archive/records";
import type { Finding } from "./findings";
import { type DayToVerify, verifyDay } from "./verify-day";

/** Account days verified at a time. */
const concurrency = 16;

export interface VerifyOptions {
  readonly range: Range;
  /** Reads every object through. */
  readonly deep: boolean;
  /** Account days that an earlier, interrupted verification has found intact, by their ids. */
  readonly verified: ReadonlySet<string>;
  /** Told of every account day. */
  readonly onDay: (id: string, intact: boolean, done: number, total: number) => void;
}

export interface Verification {
  readonly accountDays: number;
  readonly objects: number;
  readonly bytes: number;
  readonly findings: readonly Finding[];
}

/** Recounts an archive against its receipts, account day by account day. */
export async function verify(bucket: ArchiveBucket, options: VerifyOptions): Promise<Verification> {
  const due = await accountDays(bucket, options.range);
  const open = due.filter(({ account, day }) => !options.verified.has(dayId(bucket, account, day, options.deep)));
  let done = due.length - open.length;
  const results = await pMap(
    open,
    async (accountDay) => {
      const result = await verifyDay(bucket, accountDay, options.deep);
      done += 1;
      const id = dayId(bucket, accountDay.account, accountDay.day, options.deep);
      options.onDay(id, result.findings.length === 0, done, due.length);
      return result;
    },
    { concurrency },
  );
  return {
    accountDays: open.length,
    objects: results.reduce((sum, { objects }) => sum + objects, 0),
    bytes: results.reduce((sum, { bytes }) => sum + bytes, 0),
    findings: results.flatMap(({ findings }) => findings),
  };
}

/** What was found intact without being read through is not so for somebody who asks for that. */
function dayId(bucket: ArchiveBucket, account: string, day: string, deep: boolean): string {
  return `${bucket.bucket} ${account} ${day}${deep ? " deep" : ""}`;
}

/** Every account day that has data, a record, or a run that was to make one. */
async function accountDays(bucket: ArchiveBucket, range: Range): Promise<DayToVerify[]> {
  const days = new Map<string, { account: string; day: string; planned: Set<string>; isDue: boolean }>();
  const at = (account: string, day: string) => {
    const id = `${account} ${day}`;
    const known = days.get(id) ?? { account, day, planned: new Set<string>(), isDue: false };
    if (isInRange({ account, day }, range)) days.set(id, known);
    return known;
  };
  for (const account of await bucket.folders(""))
    if (/^\d{12}$/.test(account)) for (const day of await bucket.folders(`${account}/`)) at(account, day);
  for (const root of ["receipts/", "coverage/"])
    for (const day of await bucket.folders(root))
      for (const account of await bucket.folders(`${root}${day}/`))
        at(account.replace("account=", ""), day.replace("day=", ""));
  for await (const { key } of bucket.list("runs/")) {
    if (key.endsWith("/accounts.json")) {
      const list = parseRecord(AccountList, key, (await bucket.read(key)).toString("utf8"));
      for (const { id, skipped } of list.accounts)
        if (!skipped) for (const { day } of list.days) at(id, day).isDue = true;
    } else if (/^runs\/[^/]+\/plans\//.test(key)) {
      const plan = parseRecord(Plan, key, (await bucket.read(key)).toString("utf8"));
      for (const [group, day] of plan.items) {
        const name = plan.logGroups[group]?.name;
        const window = plan.days[day];
        if (name !== undefined && window) at(plan.account, window.day).planned.add(name);
      }
    }
  }
  return [...days.values()].sort((a, b) => (`${a.account} ${a.day}` < `${b.account} ${b.day}` ? -1 : 1));
}

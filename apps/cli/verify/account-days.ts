import { AccountList, Plan } from "../../../handlers/archive/records";
import { parseRecord, UnreadableRecord } from "../../../handlers/archive/serialization";
import { type ArchiveBucket, isInRange, type Range } from "../../../handlers/archive/standing";
import type { Finding } from "./findings";
import type { DayToVerify } from "./verify-day";

export interface AccountDays {
  readonly due: readonly DayToVerify[];
  /** What belongs to no account's day. */
  readonly findings: readonly Finding[];
}

/** Every account day of a range that has data, a record, or a run that was to make one; and what lies astray. */
export async function accountDays(bucket: ArchiveBucket, range: Range): Promise<AccountDays> {
  const days = new Days(range);
  const findings: Finding[] = [];
  const found = (kind: Finding["kind"], detail: string) => findings.push({ kind, bucket: bucket.bucket, detail });
  const stray = (key: string) => {
    if (!range.accounts || range.accounts.some((account) => key.includes(account))) found("stray-object", key);
  };
  await addFolders(bucket, range, days, stray);
  await addRuns(bucket, days, (error) => found("unreadable-record", error.message));
  return { due: days.sorted(), findings };
}

interface Due {
  readonly account: string;
  readonly day: string;
  readonly planned: Set<string>;
  isDue: boolean;
}

class Days {
  private readonly days = new Map<string, Due>();

  constructor(private readonly range: Range) {}

  at(account: string, day: string): Due {
    const id = `${account} ${day}`;
    const known = this.days.get(id) ?? { account, day, planned: new Set(), isDue: false };
    if (isInRange({ account, day }, this.range)) this.days.set(id, known);
    return known;
  }

  sorted(): Due[] {
    return [...this.days.values()].sort((a, b) => (`${a.account} ${a.day}` < `${b.account} ${b.day}` ? -1 : 1));
  }
}

async function addFolders(bucket: ArchiveBucket, range: Range, days: Days, stray: (key: string) => void) {
  /** What is called so below a prefix, as the pattern's group has it; all else there is astray. */
  const within = async (prefix: string, called: RegExp): Promise<string[]> => {
    const { folders, keys } = await bucket.entries(prefix);
    for (const key of keys) stray(key);
    for (const name of folders) if (!called.test(name)) stray(`${prefix}${name}/`);
    return folders.flatMap((name) => called.exec(name)?.[1] ?? []);
  };
  for (const account of await within("", /^(\d{12})$|^(?:coverage|receipts|runs)$/))
    if (!range.accounts || range.accounts.includes(account))
      for (const day of await within(`${account}/`, /^(\d{4}-\d{2}-\d{2})$/)) days.at(account, day);
  for (const root of ["receipts/", "coverage/"])
    for (const day of await within(root, /^day=(\d{4}-\d{2}-\d{2})$/))
      for (const account of await within(`${root}day=${day}/`, /^account=(\d{12})$/)) days.at(account, day);
}

async function addRuns(bucket: ArchiveBucket, days: Days, unreadable: (error: UnreadableRecord) => void) {
  for await (const { key } of bucket.list("runs/")) {
    const read = async () => (await bucket.read(key)).toString("utf8");
    try {
      if (/^runs\/[^/]+\/accounts\.json$/.test(key)) addAccounts(parseRecord(AccountList, key, await read()), days);
      else if (/^runs\/[^/]+\/plans\//.test(key)) addPlan(parseRecord(Plan, key, await read()), days);
    } catch (error) {
      if (!(error instanceof UnreadableRecord)) throw error;
      unreadable(error);
    }
  }
}

function addAccounts(list: AccountList, days: Days): void {
  for (const { id, skipped } of list.accounts)
    if (!skipped) for (const { day } of list.days) days.at(id, day).isDue = true;
}

function addPlan(plan: Plan, days: Days): void {
  for (const [group, dayIndex] of plan.items) {
    const name = plan.logGroups[group]?.name;
    const window = plan.days[dayIndex];
    if (name !== undefined && window) days.at(plan.account, window.day).planned.add(name);
  }
}

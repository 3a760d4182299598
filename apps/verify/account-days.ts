import type { Due } from "../../handlers/archive/due";
import { type Owed, readExpectations } from "../../handlers/archive/expectations";
import { coverageRoot, eventsRoot, isArchiveFolder, receiptsRoot, sealsRoot } from "../../handlers/archive/layout";
import { isInRange, type Range } from "../../handlers/archive/range";
import type { ArchiveReader } from "../../handlers/archive/store";
import type { BoundRecords } from "./bound-records";
import type { Finding } from "./findings";
import type { DayToVerify } from "./verify-day";

export interface AccountDays {
  readonly due: readonly DayToVerify[];
  /** What belongs to no account's day. */
  readonly findings: readonly Finding[];
}

/**
 * Every account day of a range that has data, a record, or owes one; and what lies astray.
 * @param due up to what the archive is held to account
 */
export async function accountDays(
  bucket: ArchiveReader,
  range: Range,
  bound: BoundRecords,
  due: Due,
): Promise<AccountDays> {
  const days = new Days(range);
  const findings: Finding[] = [];
  const found = (kind: Finding["kind"], detail: string) => findings.push({ kind, bucket: bucket.bucket, detail });
  const stray = (key: string) => {
    if (!range.accounts || range.accounts.some((account) => key.includes(account))) found("stray-object", key);
  };
  await addFolders(bucket, range, days, stray);
  for (const { account, day } of bound.accountDays()) days.at(account, day);
  const unreadable = (error: Error) => found("unreadable-record", error.message);
  const expectations = await readExpectations(bucket, range, "all", unreadable, due);
  for (const day of expectations.days())
    for (const account of expectations.accountsSeen()) {
      const owed = expectations.owed(account, day);
      if (!owed) continue;
      const ofDay = days.at(account, day);
      ofDay.owed = owed;
      // Of a day that no run covered, what a run for some log groups wrote is not all.
      if (owed === "not-covered") ofDay.partialRuns = expectations.partial();
      for (const logGroup of expectations.planned(account, day).keys()) ofDay.planned.add(logGroup);
    }
  return { due: days.sorted(), findings };
}

interface KnownDay {
  readonly account: string;
  readonly day: string;
  readonly planned: Set<string>;
  owed?: Owed;
  partialRuns: ReadonlySet<string>;
}

class Days {
  private readonly days = new Map<string, KnownDay>();

  constructor(private readonly range: Range) {}

  at(account: string, day: string): KnownDay {
    const id = `${account} ${day}`;
    const known = this.days.get(id) ?? { account, day, planned: new Set(), partialRuns: new Set() };
    if (isInRange({ account, day }, this.range)) this.days.set(id, known);
    return known;
  }

  sorted(): KnownDay[] {
    return [...this.days.values()].sort((a, b) => (`${a.account} ${a.day}` < `${b.account} ${b.day}` ? -1 : 1));
  }
}

async function addFolders(bucket: ArchiveReader, range: Range, days: Days, stray: (key: string) => void) {
  /** What is called so below a prefix, as the pattern's group has it; all else there is astray. */
  const within = async (prefix: string, called: RegExp): Promise<string[]> => {
    const { folders, keys } = await bucket.entries(prefix);
    for (const key of keys) stray(key);
    for (const name of folders)
      if (!called.test(name) && !(prefix === "" && isArchiveFolder(name))) stray(`${prefix}${name}/`);
    return folders.flatMap((name) => called.exec(name)?.[1] ?? []);
  };
  for (const account of await within("", /^(\d{12})$/))
    if (!range.accounts || range.accounts.includes(account))
      for (const day of await within(`${account}/`, /^(\d{4}-\d{2}-\d{2})$/)) days.at(account, day);
  for (const root of [receiptsRoot, coverageRoot, sealsRoot, eventsRoot])
    for (const day of await within(root, /^day=(\d{4}-\d{2}-\d{2})$/))
      for (const account of await within(`${root}day=${day}/`, /^account=(\d{12})$/)) days.at(account, day);
}

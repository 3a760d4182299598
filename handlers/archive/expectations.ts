import pMap from "p-map";
import { AccountLists } from "./account-lists";
import { AccountNames } from "./account-names";
import { itemsOf } from "./items";
import { accountListKey, parseRunKey, planKey, runPrefix, runsRoot } from "./layout";
import { isInRange, type Range } from "./range";
import { type AccountList, Plan } from "./records";
import { parseRecord, UnreadableRecord } from "./serialization";
import { type ArchiveReader, readText } from "./store";

/**
 * What an archive should have a record of, in one place: what its runs covered and saw.
 * - A run that lists an account to archive owes a record of each of its days.
 * - Between two runs that listed an account, a day that no run covered is owed too: the runs went on, and missed it.
 * - A run for some log groups only owes what it planned.
 * - An item that a run planned is owed its record, until the run has recorded the account.
 * An account owes nothing for days before the first run that saw it, or after the last.
 */
export class Expectations {
  /** By account: the days on which the first and the last run that saw it started. */
  private readonly accounts = new Map<string, { first: string; last: string }>();
  /** By day: what each run that covered it was to archive. */
  private readonly coveredBy = new Map<string, ReadonlySet<string>[]>();
  /** Of the accounts that runs saw, whether they were to archive them or not. */
  readonly names = new AccountNames();
  /** By `<day> <account>`: log groups that a run planned, and its id. */
  private readonly plannedBy = new Map<string, Map<string, string>>();
  private readonly partialRuns = new Set<string>();

  /** Every day that a run covered, and those between that runs missed, in order. */
  days(): string[] {
    const days = new Set(this.coveredBy.keys());
    for (const { first, last } of this.accounts.values())
      for (const day of daysBetween(first, last)) if (this.isMissed(day, first, last)) days.add(day);
    return [...days].sort();
  }

  /** The accounts that owe a record of a day; of a day that no run owes anything of, none. */
  accountsOf(day: string): string[] {
    return this.accountsSeen().filter((account) => this.isExpected(account, day));
  }

  /** Every account that a run was to archive. */
  accountsSeen(): string[] {
    return [...this.accounts.keys()];
  }

  isExpected(account: string, day: string): boolean {
    const listed = this.accounts.get(account);
    return listed !== undefined && (this.isCovered(account, day) || this.isMissed(day, listed.first, listed.last));
  }

  /** Whether any run covered a day of an account. */
  isCovered(account: string, day: string): boolean {
    return this.coveredBy.get(day)?.some((accounts) => accounts.has(account)) ?? false;
  }

  /** Whether a run was for some log groups only: what it wrote does not tell that an account's day is complete. */
  isPartial(runId: string): boolean {
    return this.partialRuns.has(runId);
  }

  /** The log groups of an account's day that a run planned, as far as plans were read, with the run's id. */
  planned(account: string, day: string): ReadonlyMap<string, string> {
    return this.plannedBy.get(`${day} ${account}`) ?? new Map();
  }

  addRun(list: AccountList): void {
    // A run covers the day before it and its look-back: what lies between two runs was theirs to cover.
    const dayOfRun = list.startedAt.slice(0, 10);
    this.names.add(list);
    // A run for some log groups owes what it plans, and nothing of an account that has none of them.
    if (list.logGroups) {
      this.partialRuns.add(list.runId);
      return;
    }
    const ids = list.accounts.filter(({ skipped }) => !skipped).map(({ id }) => id);
    for (const id of ids) {
      const known = this.accounts.get(id);
      if (!known) this.accounts.set(id, { first: dayOfRun, last: dayOfRun });
      else if (dayOfRun < known.first) known.first = dayOfRun;
      else if (dayOfRun > known.last) known.last = dayOfRun;
    }
    const accounts = new Set(ids);
    for (const { day } of list.days) {
      const others = this.coveredBy.get(day);
      if (others) others.push(accounts);
      else this.coveredBy.set(day, [accounts]);
    }
  }

  addPlan(plan: Plan): void {
    for (const { group, day } of itemsOf(plan)) {
      const id = `${day.day} ${plan.account}`;
      const ofDay = this.plannedBy.get(id) ?? new Map<string, string>();
      ofDay.set(group.name, plan.runId);
      this.plannedBy.set(id, ofDay);
    }
  }

  private isMissed(day: string, first: string, last: string): boolean {
    return day >= first && day < addDays(last, -1) && !this.coveredBy.has(day);
  }
}

/** Runs read at a time. */
const concurrency = 16;

/**
 * Reads what the runs of an archive covered and planned.
 * @param plans `unrecorded`: only those of accounts that a run left without a summary; where there is one, every planned item
 * was given a line of coverage.
 * @param unreadable told of each damaged record, which is then left out.
 */
export async function readExpectations(
  store: ArchiveReader,
  range: Range,
  plans: "all" | "unrecorded",
  unreadable: (error: UnreadableRecord) => void,
): Promise<Expectations> {
  const expectations = new Expectations();
  const lists = new AccountLists();
  const readable = async <T>(read: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof UnreadableRecord)) throw error;
      unreadable(error);
      return undefined;
    }
  };
  const { folders } = await store.entries(runsRoot);
  await pMap(
    folders.filter((runId) => parseRunKey(accountListKey(runId)) !== undefined),
    async (runId) => {
      const key = accountListKey(runId);
      const text = await readText(store, key);
      const list = text === undefined ? undefined : await readable(async () => lists.parse(key, text));
      if (!list) return;
      expectations.addRun(list);
      const accounts = list.accounts.filter(({ skipped }) => !skipped).map(({ id }) => id);
      if (!accounts.some((account) => list.days.some(({ day }) => isInRange({ account, day }, range)))) return;
      const recorded = plans === "unrecorded" ? await accountsOf(store, runId, "summaries") : new Set<string>();
      for (const account of await accountsOf(store, runId, "plans")) {
        if (recorded.has(account) || (range.accounts && !range.accounts.includes(account))) continue;
        const planned = planKey(runId, account);
        const plan = await readable(async () => parseRecord(Plan, planned, await readText(store, planned)));
        if (plan) expectations.addPlan(plan);
      }
    },
    { concurrency },
  );
  return expectations;
}

async function accountsOf(store: ArchiveReader, runId: string, folder: "plans" | "summaries"): Promise<Set<string>> {
  const { keys } = await store.entries(`${runPrefix(runId)}${folder}/`);
  return new Set(
    keys.flatMap((key) => {
      const parsed = parseRunKey(key);
      return parsed && "account" in parsed ? [parsed.account] : [];
    }),
  );
}

/** Every day from the first to the last, `YYYY-MM-DD`, both included. */
export function daysBetween(first: string, last: string): string[] {
  const days: string[] = [];
  for (let day = first; day <= last; day = addDays(day, 1)) days.push(day);
  return days;
}

/** The day that comes so many days after another, `YYYY-MM-DD`. */
export function addDays(day: string, count: number): string {
  return new Date(Date.parse(day) + count * 86_400_000).toISOString().slice(0, 10);
}

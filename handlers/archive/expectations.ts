import pMap from "p-map";
import { AccountLists } from "./account-lists";
import { AccountNames } from "./account-names";
import { type Due, isNextRunMissed, lastDayDue, nextRunAt } from "./due";
import { itemsOf } from "./items";
import { accountListKey, parseRunKey, planKey, runPrefix, runsRoot } from "./layout";
import { isDayInRange, isInRange, type Range } from "./range";
import { type AccountList, Plan } from "./records";
import { parseRecord, UnreadableRecord } from "./serialization";
import { type ArchiveReader, readText } from "./store";

/** Why a record of an account's day is owed: a run covered it, or none did though one should have. */
export type Owed = "no-record" | "not-covered";

/** The newest run that was for all accounts and log groups, after which the next scheduled one has not begun. */
export interface MissedRun {
  /** Of the newest run; ISO 8601, UTC. */
  readonly newestStartedAt: string;
  /** When the next one was to begin; ISO 8601, UTC. */
  readonly dueAt: string;
  /** Days that could be archived since, and that no run has covered, oldest first. */
  readonly days: readonly string[];
}

/**
 * What an archive should have a record of, in one place: what its runs covered and saw.
 * - A run that lists an account to archive owes a record of each of its days.
 * - Between two runs that listed an account, a day that no run covered is owed too: the runs went on, and missed it.
 * - So are the days since the newest run, if the next one should have begun by now.
 * - So are days that a person asks about, by every account that was seen.
 * - A run for some accounts covers its days for these alone. One for some log groups only owes what it planned.
 * - An item that a run planned is owed its record, until the run has recorded the account.
 * Nothing else is owed of days before the first run that saw an account, or after the last.
 */
export class Expectations {
  /** By account: the days on which the first and the last run that saw it started. */
  private readonly accounts = new Map<string, { first: string; last: string }>();
  /** By day: what each run that covered it was to archive. */
  private readonly coveredBy = new Map<string, ReadonlySet<string>[]>();
  /** Days that a run covered for every account. */
  private readonly coveredForAll = new Set<string>();
  /** Of the accounts that runs saw, whether they were to archive them or not. */
  readonly names = new AccountNames();
  /** By `<day> <account>`: log groups that a run planned, and its id. */
  private readonly plannedBy = new Map<string, Map<string, string>>();
  private readonly partialRuns = new Set<string>();
  /** The newest run for all accounts and log groups. */
  private newest:
    | { readonly startedAt: string; readonly deadline: string; readonly accounts: ReadonlySet<string> }
    | undefined;

  constructor(private readonly due: Due = {}) {}

  /** Every day that a run covered, those that runs missed, and those that are asked for, in order. */
  days(): string[] {
    const days = new Set(this.coveredBy.keys());
    const seen = [...this.accounts.values()].flatMap(({ first, last }) => [first, last]).sort();
    const [first, last] = [seen[0], this.missedRun?.until ?? seen.at(-1)];
    for (const day of daysFrom(first, last))
      if (!days.has(day) && this.accountsSeen().some((account) => this.isMissed(account, day))) days.add(day);
    const known = [...days].sort();
    const { from, to } = this.due.asked ?? {};
    if (from === undefined && to === undefined) return known;
    for (const day of daysFrom(from ?? known[0], to ?? known.at(-1))) days.add(day);
    return [...days].sort();
  }

  /** The accounts that owe a record of a day; of a day that no run owes anything of, none. */
  accountsOf(day: string): string[] {
    return this.accountsSeen().filter((account) => this.owed(account, day) !== undefined);
  }

  /** Every account that a run was to archive. */
  accountsSeen(): string[] {
    return [...this.accounts.keys()];
  }

  /** Why a record of an account's day is owed; undefined where none is. */
  owed(account: string, day: string): Owed | undefined {
    if (!this.accounts.has(account)) return undefined;
    if (this.isCovered(account, day)) return "no-record";
    return this.isMissed(account, day) || this.isAsked(day) ? "not-covered" : undefined;
  }

  /** Whether any run covered a day of an account. */
  isCovered(account: string, day: string): boolean {
    return this.coveredBy.get(day)?.some((accounts) => accounts.has(account)) ?? false;
  }

  /** Runs for some log groups only: what they wrote does not tell that an account's day is complete. */
  partial(): ReadonlySet<string> {
    return this.partialRuns;
  }

  /** The log groups of an account's day that a run planned, as far as plans were read, with the run's id. */
  planned(account: string, day: string): ReadonlyMap<string, string> {
    return this.plannedBy.get(`${day} ${account}`) ?? new Map();
  }

  /** The day on which the archive is judged, YYYY-MM-DD: now, or of a copy that of its newest run. */
  get judgedOn(): string {
    const { now } = this.due;
    return (now === undefined ? (this.newest?.startedAt ?? "") : new Date(now).toISOString()).slice(0, 10);
  }

  /** The scheduled run that should have begun by now and has not; undefined where there is none. */
  missed(): MissedRun | undefined {
    const { newest, missedRun } = this;
    if (!newest || !missedRun) return undefined;
    const since = daysBetween(addDays(newest.startedAt.slice(0, 10), -1), missedRun.until);
    return {
      newestStartedAt: newest.startedAt,
      dueAt: missedRun.dueAt,
      days: since.filter((day) => [...newest.accounts].some((account) => this.isMissed(account, day))),
    };
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
      if (!list.onlyAccounts) this.coveredForAll.add(day);
    }
    const { startedAt, deadline } = list;
    if (!list.onlyAccounts && startedAt > (this.newest?.startedAt ?? ""))
      this.newest = { startedAt, deadline, accounts };
  }

  addPlan(plan: Plan): void {
    for (const { group, day } of itemsOf(plan)) {
      const id = `${day.day} ${plan.account}`;
      const ofDay = this.plannedBy.get(id) ?? new Map<string, string>();
      ofDay.set(group.name, plan.runId);
      this.plannedBy.set(id, ofDay);
    }
  }

  /** Whether runs went on, or should have, without any that covered a day. */
  private isMissed(account: string, day: string): boolean {
    const seen = this.accounts.get(account);
    if (!seen || day < seen.first || this.coveredForAll.has(day) || this.isCovered(account, day)) return false;
    if (day < addDays(seen.last, -1)) return true;
    return this.missedRun !== undefined && day <= this.missedRun.until && this.newest?.accounts.has(account) === true;
  }

  private isAsked(day: string): boolean {
    const { asked = {} } = this.due;
    const isBounded = asked.from !== undefined || asked.to !== undefined;
    return isBounded && isDayInRange(day, asked) && !this.coveredForAll.has(day);
  }

  private get missedRun(): { readonly dueAt: string; readonly until: string } | undefined {
    const { newest } = this;
    const { now } = this.due;
    if (!newest || now === undefined || !isNextRunMissed(newest, now)) return undefined;
    return { dueAt: new Date(nextRunAt(newest)).toISOString(), until: lastDayDue(now) };
  }
}

/** Runs read at a time. */
const concurrency = 16;

/**
 * Reads what the runs of an archive covered and planned.
 * @param plans `unrecorded`: only those of accounts that a run left without a summary; where there is one, every planned item
 * was given a line of coverage.
 * @param unreadable told of each damaged record, which is then left out.
 * @param due up to what is owed besides.
 */
export async function readExpectations(
  store: ArchiveReader,
  range: Range,
  plans: "all" | "unrecorded",
  unreadable: (error: UnreadableRecord) => void,
  due: Due = {},
): Promise<Expectations> {
  const expectations = new Expectations(due);
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

function daysFrom(first: string | undefined, last: string | undefined): string[] {
  return first === undefined || last === undefined ? [] : daysBetween(first, last);
}

/** The day that comes so many days after another, `YYYY-MM-DD`. */
export function addDays(day: string, count: number): string {
  return new Date(Date.parse(day) + count * 86_400_000).toISOString().slice(0, 10);
}

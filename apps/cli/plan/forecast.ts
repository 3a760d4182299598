import { itemCount, itemsOf } from "../../../handlers/archive/items";
import type { AccountList, ListedAccount, Plan } from "../../../handlers/archive/records";
import { reasonCode } from "../../../handlers/contract/reasons";
import { assumed, type CostItem, prices, runCost, totalOf } from "../../deploy/cost";
import { type Experience, median } from "./experience";

/** What an account's plan comes to. */
export interface PlannedAccount {
  readonly account: string;
  readonly name: string;
  readonly logGroups: number;
  /** Exports that are planned. */
  readonly items: number;
  /** Of each day. */
  readonly days: Readonly<Record<string, number>>;
  /** Log group days that need no export, by the reason's code. */
  readonly skipped: Readonly<Record<string, number>>;
  /** Log group days that earlier runs have settled. */
  readonly settledBefore: number;
  readonly experience: Experience;
}

/** An account that could not be planned, and why. */
export interface UnreachableAccount {
  readonly account: string;
  readonly name: string;
  readonly reason: string;
}

export interface AccountForecast extends Omit<PlannedAccount, "experience"> {
  /** How long its exports hold the slot. */
  readonly slotHours: number;
  readonly secondsPerExport: number;
  /** What the seconds are taken from: the account's own receipts, those of the others, or nothing but what is usual. */
  readonly basis: "receipts" | "others" | "assumed";
  readonly endsAt: string;
  /** It is not done when the run has to stop. */
  readonly isLate: boolean;
}

/** What a run in one Region would do. */
export interface Forecast {
  readonly region: string;
  readonly startsAt: string;
  /** When a run has to stop before the next one. */
  readonly deadline: string;
  /** Newest first. */
  readonly days: readonly { readonly day: string; readonly items: number }[];
  readonly items: number;
  readonly slotHours: number;
  readonly endsAt: string;
  /** As stored, by what receipts say of earlier days. */
  readonly bytes: number;
  readonly accounts: readonly AccountForecast[];
  readonly unreachable: readonly UnreachableAccount[];
  /** Accounts that are not archived, by reason. */
  readonly leftOut: Readonly<Record<string, number>>;
  /** Log group days that need no export, by the reason's code. */
  readonly skipped: Readonly<Record<string, number>>;
  readonly settledBefore: number;
  readonly notices: AccountList["notices"];
  readonly cost: {
    readonly transitions: number;
    readonly usd: number;
    /** What keeping the run's data for a month costs. */
    readonly usdPerMonthKept: number;
    readonly items: readonly CostItem[];
  };
}

/** What a forecast needs of an account's plan: a plan itself may hold tens of thousands of log groups. */
export function summarizePlan(plan: Plan, { id, name }: ListedAccount, experience: Experience): PlannedAccount {
  const days: Record<string, number> = {};
  for (const { day } of itemsOf(plan)) days[day.day] = (days[day.day] ?? 0) + 1;
  const skipped: Record<string, number> = {};
  for (let index = 2; index < plan.settled.length; index += 3) {
    const settlement = plan.settlements[plan.settled[index] ?? -1];
    if (!settlement || settlement.outcome === "exported") continue;
    const code = reasonCode(settlement.reason) ?? settlement.reason;
    skipped[code] = (skipped[code] ?? 0) + 1;
  }
  const { settledBefore } = plan;
  return {
    account: id,
    name,
    logGroups: plan.logGroups.length,
    items: itemCount(plan),
    days,
    skipped,
    settledBefore,
    experience,
  };
}

/** @param concurrency accounts that are exported at a time */
export function forecast(
  region: string,
  list: AccountList,
  planned: readonly PlannedAccount[],
  unreachable: readonly UnreachableAccount[],
  concurrency: number,
): Forecast {
  const usual = median(planned.flatMap(({ experience }) => experience.seconds));
  const usualBytes = median(planned.flatMap(({ experience }) => experience.bytes));
  const startsAt = Date.parse(list.startedAt);
  const slots = new Slots(startsAt, concurrency);
  const accounts = planned.map(({ experience, ...account }): AccountForecast => {
    const own = median(experience.seconds);
    const secondsPerExport = own ?? usual ?? assumed.secondsPerExport;
    const seconds = account.items * secondsPerExport;
    const endsAt = slots.take(seconds * 1000);
    return {
      ...account,
      secondsPerExport,
      basis: own !== undefined ? "receipts" : usual !== undefined ? "others" : "assumed",
      slotHours: seconds / 3600,
      endsAt: new Date(endsAt).toISOString(),
      isLate: account.items > 0 && endsAt > Date.parse(list.deadline),
    };
  });
  const items = sum(accounts, (account) => account.items);
  const bytes = sum(planned, (one) => one.items * (mean(one.experience.bytes) ?? usualBytes ?? 0));
  const slotHours = sum(accounts, (account) => account.slotHours);
  return {
    region,
    startsAt: list.startedAt,
    deadline: list.deadline,
    days: list.days.map(({ day }) => ({ day, items: sum(accounts, ({ days }) => days[day] ?? 0) })),
    items,
    slotHours,
    endsAt: new Date(slots.last).toISOString(),
    bytes,
    accounts,
    unreachable,
    leftOut: countBy(list.accounts.flatMap(({ skipped }) => (skipped ? [reasonCode(skipped) ?? skipped] : []))),
    skipped: addUp(accounts.map((account) => account.skipped)),
    settledBefore: sum(accounts, (account) => account.settledBefore),
    notices: list.notices,
    cost: costOf(accounts.length, items, slotHours, bytes),
  };
}

/** Accounts wait for one of the run's places, in their order, as the Map gives them out. */
class Slots {
  private readonly free: number[];
  last: number;

  constructor(startsAt: number, concurrency: number) {
    this.free = Array(concurrency).fill(startsAt);
    this.last = startsAt;
  }

  /** Returns when what takes so long ends. */
  take(milliseconds: number): number {
    const place = this.free.indexOf(Math.min(...this.free));
    const end = (this.free[place] ?? 0) + milliseconds;
    this.free[place] = end;
    this.last = Math.max(this.last, end);
    return end;
  }
}

/** By the same code as the table of costs, for accounts of the average size. */
function costOf(accounts: number, items: number, slotHours: number, bytes: number): Forecast["cost"] {
  const run = runCost({
    accounts,
    logGroups: accounts > 0 ? items / accounts : 0,
    secondsPerExport: items > 0 ? (slotHours * 3600) / items : 0,
    streamsPerLogGroupAndDay: assumed.streamsPerLogGroupAndDay,
    gigabytesPerDay: accounts > 0 ? bytes / 1e9 / accounts : 0,
  });
  return {
    transitions: Math.round(sum(run, ({ price, units }) => (price === "transition" ? units : 0))),
    usd: totalOf(run),
    usdPerMonthKept: (bytes / 1e9) * prices.storage.usd,
    items: run,
  };
}

function sum<T>(all: readonly T[], of: (one: T) => number): number {
  return all.reduce((total, one) => total + of(one), 0);
}

function mean(numbers: readonly number[]): number | undefined {
  return numbers.length > 0 ? sum(numbers, (one) => one) / numbers.length : undefined;
}

function countBy(codes: readonly string[]): Record<string, number> {
  return addUp(codes.map((code) => ({ [code]: 1 })));
}

function addUp(counts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const all: Record<string, number> = {};
  for (const one of counts) for (const [code, count] of Object.entries(one)) all[code] = (all[code] ?? 0) + count;
  return all;
}

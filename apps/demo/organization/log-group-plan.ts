import type { LogGroupClass } from "../../emulator";
import type { Kind } from "./kinds";

/** What a log group of the demo organisation holds. Days are UTC; the numbers of events are approximate. */
export interface LogGroupPlan {
  readonly name: string;
  readonly kind: Kind;
  /** Events of the newest full day. */
  readonly newest?: number;
  /** Events of each earlier day that the run covers. */
  readonly earlier?: number;
  /** Events of the day after the newest full one, all in its first ten minutes. */
  readonly today?: number;
  /** Events of the day that is `days` days before the first one that the run covers. */
  readonly before?: { readonly days: number; readonly events: number };
  /** Events on the first and the last millisecond of every day in reach, and just outside them. */
  readonly atMidnight?: true;
  /** With cross-midnight ingestion: events written shortly before midnight of each day in reach, ingested after it. */
  readonly overMidnight?: number;
  /** Created that many days before the newest full day; -1: five minutes into the day after it. Some months, if absent. */
  readonly createdDaysBack?: number;
  readonly logGroupClass?: LogGroupClass;
  readonly retentionInDays?: number;
  readonly encrypted?: true;
  readonly dataProtected?: true;
  readonly tags?: Readonly<Record<string, string>>;
}

/** Plans that differ in their names only. */
export const each = (names: readonly string[], plan: Omit<LogGroupPlan, "name">): readonly LogGroupPlan[] =>
  names.map((name) => ({ name, ...plan }));

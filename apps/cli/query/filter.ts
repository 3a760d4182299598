import type { Question } from "../../query/archive-database";
import { both, type Condition, daysFromTo, oneOf, type Selection } from "../../query/selection";
import { UsageError } from "../errors";
import { eventConditions, hasMoments } from "./event-conditions";
import type { IpNetwork } from "./ip-network";
import type { Moment } from "./moment";

/** A question that is asked with options instead of SQL. */
export interface Filter {
  readonly account: readonly string[];
  readonly region: readonly string[];
  readonly logGroup?: string;
  readonly from?: Moment;
  readonly to?: Moment;
  /** A text that events contain, in any case of letters. */
  readonly grep?: string;
  /** A text that events contain as a word, or as words, in any case of letters. */
  readonly word?: string;
  /** Events hold an IP address of this network, or this address, as a whole. */
  readonly ip?: IpNetwork;
  /** Only the first events in time, or only the newest. */
  readonly limit?: number;
  readonly last?: number;
  /** How many days after an event's own it may lie, because it was ingested late. */
  readonly lateDays: number;
}

const dayMs = 86_400_000;

/** The parts of the archive in which a filter's events can lie. */
export function selectionOf(filter: Filter): Selection {
  const { account, region, logGroup } = filter;
  const conditions: Condition[] = [];
  if (account.length > 0) conditions.push(oneOf("account", account));
  if (region.length > 0) conditions.push(oneOf("region", region));
  if (logGroup !== undefined) conditions.push(oneOf("log_group", [logGroup]));
  const days = daysRead(filter);
  if (days.from !== undefined || days.to !== undefined) conditions.push(daysFromTo(days.from, days.to));
  const { from, to } = filter;
  // Days around those of the times are read besides, and are not asked about.
  if (hasMoments(filter))
    conditions.push({ ...daysFromTo(from && dayOf(from.start), to && dayOf(to.end - 1)), column: "ts" });
  return [conditions];
}

/**
 * The days of the archive to read. Days are those of the archive; for moments also the days before and after are read,
 * because a day's zone may not be UTC and because an event may lie with the day on which it was ingested.
 */
export function daysRead({ from, to, lateDays }: Filter): { readonly from?: string; readonly to?: string } {
  if (from && to && from.start >= to.end) throw new UsageError(`--from ${from.text} is later than --to ${to.text}.`);
  const byMoment = hasMoments({ from, to });
  const first = from && (byMoment ? dayOf(from.start - dayMs) : from.text);
  const last = to && (byMoment ? dayOf(to.end - 1 + dayMs * Math.max(1, lateDays)) : to.text);
  return { ...(first ? { from: first } : {}), ...(last ? { to: last } : {}) };
}

const columns = "ts, region, account, account_name, log_group, log_stream, message";

/** The question that a filter is: its events in the order of time. */
export function questionOf(filter: Filter): Question {
  return ask(filter, columns);
}

/** One log group's events for their text, in the order of time. */
export function rawQuestionOf(filter: Filter): Question {
  return ask(filter, "ts, message");
}

function ask(filter: Filter, what: string): Question {
  const { grep, word, ip, from, to, limit, last } = filter;
  const { sql, values, sought } = eventConditions({
    texts: grep === undefined ? [] : [grep],
    words: word === undefined ? [] : [word],
    networks: ip === undefined ? [] : [ip],
    ...{ from, to },
  });
  const inTime = (direction: "ASC" | "DESC") =>
    ["ts", "region", "account", "log_group", "log_stream", "place"]
      .map((column) => `${column} ${direction}`)
      .join(", ");
  const found = `SELECT * FROM ordered_events WHERE ${sql}`;
  const newest = last === undefined ? found : `${found} ORDER BY ${inTime("DESC")} LIMIT ${last}`;
  const first = limit === undefined ? "" : ` LIMIT ${limit}`;
  return {
    sql: `SELECT ${what} FROM (${newest}) AS found ORDER BY ${inTime("ASC")}${first}`,
    values,
    selection: both(selectionOf(filter), [sought]),
  };
}

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

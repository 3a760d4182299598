import type { Question } from "../../query/archive-database";
import { both, daysFromTo, oneOf } from "../../query/selection";
import type { Span } from "../basis/spans";
import { eventConditions, type Sought } from "../query/event-conditions";
import { type Filter, selectionOf } from "../query/filter";

/** What is looked for, and in which part of an archive. */
export interface Search extends Pick<Filter, "account" | "region" | "logGroup" | "from" | "to" | "lateDays"> {
  readonly sought: Sought;
}

/** A log stream's events of a day of the archive. */
export interface StreamDay {
  readonly day: string;
  readonly region: string;
  readonly account: string;
  readonly logGroup: string;
  readonly logStream: string;
}

/** The columns of a hit, in order. */
export const hitColumns = [
  "ts",
  "day",
  "region",
  "account",
  "account_name",
  "log_group",
  "log_stream",
  "message",
] as const;

const columns = hitColumns.join(", ");
const stream = "day, region, account, log_group, log_stream";

/** The events of some days that are looked for: the newest first. */
export function hitsQuestion(search: Search, { from, to }: Span): Question {
  const { sql, values, sought } = eventConditions(search.sought);
  return {
    sql: `SELECT ${columns} FROM ordered_events WHERE ${sql}
ORDER BY day DESC, ts DESC, region, account, log_group, log_stream, place DESC`,
    values,
    selection: both(selectionOf(search), [[daysFromTo(from, to), ...sought]]),
  };
}

/** No name of a log stream or log group has these. */
const [between, after] = ["\u0001", "\u0002"];

/**
 * The same events of some log streams' days, and so many before and after each of them. What lies side by side is one block:
 * blocks come newest first, their events in the order of time. Columns besides those of a hit: `block`, from 1, and `hit`.
 */
export function contextQuestion({ sought }: Search, streams: readonly StreamDay[], around: number): Question {
  const { sql, values } = eventConditions(sought);
  const names = streams.map((of) => [of.day, of.region, of.account, of.logGroup, of.logStream].join(between));
  const wanted = `list_contains(string_split($${values.length + 1}::VARCHAR, '${after}'), concat_ws('${between}', ${stream}))`;
  return {
    sql: `
SELECT dense_rank() OVER (ORDER BY day DESC, newest DESC, region, account, log_group, log_stream, island) AS block, hit, ${columns}
FROM (
  SELECT *, max(ts) FILTER (hit) OVER (PARTITION BY ${stream}, island) AS newest
  FROM (
    SELECT *, position - row_number() OVER (PARTITION BY ${stream} ORDER BY position) AS island
    FROM (
      SELECT
        *, row_number() OVER in_time AS position,
        bool_or(hit) OVER (in_time ROWS BETWEEN ${around} PRECEDING AND ${around} FOLLOWING) AS is_near
      FROM (SELECT *, coalesce(${sql}, false) AS hit FROM ordered_events WHERE ${wanted}) AS of_streams
      WINDOW in_time AS (PARTITION BY ${stream} ORDER BY ts NULLS FIRST, place)
    ) AS placed
    WHERE is_near
  ) AS islands
) AS blocks
ORDER BY block, position`,
    values: [...values, names.join(after)],
    selection: streams.map(({ day, region, account, logGroup }) => [
      oneOf("day", [day]),
      oneOf("region", [region]),
      oneOf("account", [account]),
      oneOf("log_group", [logGroup]),
    ]),
  };
}

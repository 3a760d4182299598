import { receiptedLinesSql } from "./events";
import { exportedPath, literal, timestamp } from "./expressions";
import { type Days, gapsSql, within } from "./gaps";

/** The questions that auditors start from, in Athena's SQL over the views. */

const dayMs = 86_400_000;

/** An injected partition column takes no more literals. https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html */
export const maxAccounts = 1000;

/** Stored bytes after which a statement over many accounts is cut in two: well below what the workgroup lets a query scan. */
const statementBytes = 1_000_000_000;

export interface LogGroupSpan {
  readonly account: string;
  readonly logGroup: string;
  /** Epoch milliseconds. */
  readonly from: number;
  /** Epoch milliseconds; not included. */
  readonly to: number;
}

/**
 * What one log group wrote. A day before and after are read, because a day's zone may not be UTC, and because an event may
 * lie with the day on which it was ingested.
 */
export function logGroupEvents({ account, logGroup, from, to }: LogGroupSpan): string {
  return `
SELECT ts, region, log_stream, message, task_id
FROM events
WHERE account = ${literal(account)}
  AND log_group = ${literal(logGroup)}
  AND day BETWEEN ${literal(dayOf(from - dayMs))} AND ${literal(dayOf(to + dayMs))}
  AND ts >= ${timestamp(from)} AND ts < ${timestamp(to)}
ORDER BY ts, region, log_stream`.trim();
}

export interface Word {
  readonly word: string;
  readonly day: string;
}

/** Where a word stands in the events of up to 1,000 accounts on a day, in any case of letters. */
export function wordInAccounts({ word, day, accounts }: Word & { readonly accounts: readonly string[] }): string {
  const { before, after } = wordStatement({ word, day });
  return `${before}${accounts.map(literal).join(", ")}${after}`;
}

/**
 * Where a word stands in the whole organisation on a day: writes the statements that find it, each over the accounts that
 * a share of the day's receipts name. Run each of them.
 */
export function wordStatements({ word, day }: Word): string {
  const { before, after } = wordStatement({ word, day });
  return `
SELECT
  count(*) AS accounts,
  sum(bytes) AS bytes,
  ${literal(`${before}'`)} || array_join(array_agg(account ORDER BY account), ''', ''') || ${literal(`'${after}`)} AS statement
FROM (
  SELECT
    account, bytes,
    floor((row_number() OVER (ORDER BY account) - 1) / ${maxAccounts}.0) AS thousand,
    floor(sum(bytes) OVER (ORDER BY account ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) / ${statementBytes}.0) AS share
  FROM (
    SELECT account, sum(bytes) AS bytes FROM receipts WHERE day = ${literal(day)} AND objects > 0 GROUP BY account
  ) AS archived
) AS shared
GROUP BY thousand, share
ORDER BY thousand, share`.trim();
}

function wordStatement({ word, day }: Word): { readonly before: string; readonly after: string } {
  return {
    before: `SELECT ts, region, account, log_group, log_stream, message FROM events WHERE day = ${literal(day)} AND strpos(lower(message), lower(${literal(word)})) > 0 AND account IN (`,
    after: ") ORDER BY account, region, log_group, ts",
  };
}

/** Accounts of which nothing was found exported or empty in any run's coverage, nor receipted, with the latest reason. */
export function neverArchived(days: Days): string {
  return `
SELECT
  c.account, c.region, min(c.day) AS first_day, max(c.day) AS last_day,
  max_by(c.outcome, c."at") AS outcome, max_by(c.reason, c."at") AS reason
FROM (SELECT account, region, day, outcome, reason, "at" FROM coverage WHERE ${within(days)}) AS c
LEFT JOIN (SELECT DISTINCT account, region FROM receipts WHERE ${within(days)}) AS r
  ON r.account = c.account AND r.region = c.region
WHERE r.account IS NULL
GROUP BY c.account, c.region
HAVING max(CASE WHEN c.outcome IN ('exported', 'empty') THEN 1 ELSE 0 END) = 0
ORDER BY c.account, c.region`.trim();
}

/** Stored bytes and objects by account and month. */
export function bytesPerMonth(days: Days): string {
  return `
SELECT account, substr(day, 1, 7) AS month, sum(objects) AS objects, sum(bytes) AS bytes
FROM receipts
WHERE ${within(days)}
GROUP BY account, substr(day, 1, 7)
ORDER BY account, month`.trim();
}

/** What is known to exist and is not settled, counting neighbours within the days. */
export function gaps(days: Days): string {
  return `${gapsSql(days)}\nORDER BY day, region, account, log_group`;
}

/** What failed or was skipped and has no receipt, with its reason; an account's line until its log groups have later ones. */
export function failedAndSkipped(days: Days): string {
  return `
SELECT c.day, c.region, c.account, c.log_group, c.outcome, c.reason, c.run_id, c."at"
FROM (SELECT * FROM coverage_latest WHERE ${within(days)} AND outcome IN ('failed', 'skipped')) AS c
LEFT JOIN (SELECT DISTINCT region, account, log_group, day FROM receipts WHERE ${within(days)}) AS r
  ON r.region = c.region AND r.account = c.account AND r.log_group = c.log_group AND r.day = c.day
LEFT JOIN (
  SELECT region, account, day, max("at") AS "at" FROM coverage WHERE ${within(days)} AND log_group IS NOT NULL
  GROUP BY region, account, day
) AS g ON c.log_group IS NULL AND g.region = c.region AND g.account = c.account AND g.day = c.day AND g."at" > c."at"
WHERE r.day IS NULL AND g.day IS NULL
ORDER BY c.outcome, c.reason, c.day, c.region, c.account, c.log_group`.trim();
}

export interface AccountDay {
  readonly account: string;
  readonly day: string;
}

/** The events that `events` leaves to the next window, and whether that window holds them. */
export function windowEnds({ account, day }: AccountDay): string {
  const next = dayOf(Date.parse(`${day}T00:00:00Z`) + dayMs);
  return `
WITH lines AS (
SELECT * FROM (
${receiptedLinesSql}
) AS receipted
WHERE account = ${literal(account)} AND day IN (${literal(day)}, ${literal(next)})
)
SELECT DISTINCT
  e.ts, e.region, e.log_group, e.log_stream, e.message,
  CASE WHEN n.message IS NULL THEN 'in this window only' ELSE 'in the next window' END AS found
FROM (SELECT * FROM lines WHERE day = ${literal(day)} AND ts_ms = to_ms) AS e
LEFT JOIN (SELECT * FROM lines WHERE ts_ms = from_ms) AS n
  ON n.region = e.region AND n.log_group = e.log_group AND n.log_stream = e.log_stream AND n.ts = e.ts
  AND n.message = e.message
ORDER BY found, e.region, e.log_group, e.log_stream`.trim();
}

/**
 * Tasks of which a query does not see as many objects as the receipt counted: Athena passes over paths with a part that
 * begins with `_` or `.`, as a log stream's name may.
 */
export function unseenObjects({ account, day }: AccountDay): string {
  return `
SELECT r.region, r.log_group, r.task_id, r.objects, count(DISTINCT l.path) AS seen
FROM receipts AS r
LEFT JOIN (
  SELECT region, "$path" AS path, regexp_extract("$path", ${literal(exportedPath)}, 1) AS task_id
  FROM raw_lines
  WHERE account = ${literal(account)} AND day = ${literal(day)}
) AS l ON l.region = r.region AND l.task_id = r.task_id
WHERE r.account = ${literal(account)} AND r.day = ${literal(day)}
GROUP BY r.region, r.log_group, r.task_id, r.objects
HAVING count(DISTINCT l.path) <> r.objects
ORDER BY r.region, r.log_group`.trim();
}

function dayOf(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 10);
}

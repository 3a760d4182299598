import { field, keyOfPath, literal, numberField, parsedTimestamp, timestamp } from "./expressions";
import { type Days, gapsSql, within } from "./gaps";

/** The questions that auditors start from, in Athena's SQL over the views. */

const dayMs = 86_400_000;

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
  /** All, if absent. */
  readonly accounts?: readonly string[];
}

/** Where a word stands on a day, in any case of letters. */
export function wordOnDay({ word, day, accounts }: Word): string {
  return `
SELECT ts, region, account, log_group, log_stream, message
FROM events
WHERE day = ${literal(day)}${accounts ? `\n  AND account IN (${accounts.map(literal).join(", ")})` : ""}
  AND strpos(lower(message), lower(${literal(word)})) > 0
ORDER BY ts, account, region, log_group, log_stream`.trim();
}

/** Where an IP address stands on days, whole: not as a part of a longer one. */
export function addressSeen({ address, days }: { readonly address: string; readonly days: Days }): string {
  const whole = `(^|[^0-9A-Fa-f.:])${address.replaceAll(".", "\\.")}($|[^0-9A-Fa-f.:])`;
  return `
SELECT account, region, log_group, count(*) AS events, min(ts) AS first_seen, max(ts) AS last_seen
FROM events
WHERE ${within(days)}
  AND strpos(message, ${literal(address)}) > 0
  AND regexp_like(message, ${literal(whole)})
GROUP BY account, region, log_group
ORDER BY events DESC, account, region, log_group`.trim();
}

/** What a principal did, as CloudTrail's events in CloudWatch Logs tell. */
export function principalActed({ principal, days }: { readonly principal: string; readonly days: Days }): string {
  const of = (path: string) => `json_extract_scalar(message, '$.${path}')`;
  return `
SELECT
  ts, account,
  ${of("eventSource")} AS event_source,
  ${of("eventName")} AS event_name,
  ${of("awsRegion")} AS aws_region,
  ${of("sourceIPAddress")} AS source_ip_address,
  ${of("errorCode")} AS error_code,
  ${of("requestID")} AS request_id
FROM events
WHERE ${within(days)}
  AND strpos(message, ${literal(principal)}) > 0
  AND strpos(message, '"eventSource"') > 0
  AND strpos(${of("userIdentity.arn")}, ${literal(principal)}) > 0
ORDER BY ts`.trim();
}

/** How many events each log group wrote, and how much text. */
export function eventsPerLogGroup(days: Days): string {
  return `
SELECT day, account, region, log_group, count(*) AS events, sum(length(message)) AS characters
FROM events
WHERE ${within(days)}
GROUP BY day, account, region, log_group
ORDER BY characters DESC, day, account, region, log_group`.trim();
}

/** Receipts that no seal binds yet: the view of events lacks what they committed. */
export function notSealed(days: Days): string {
  return `
SELECT r.day, r.account, r.region, r.log_group, r.objects, r.bytes, r."at"
FROM (
  SELECT
    region, day,
    ${field("line", "account")} AS account,
    ${field("line", "logGroup")} AS log_group,
    ${numberField("line", "objects")} AS objects,
    ${numberField("line", "bytes")} AS bytes,
    ${parsedTimestamp(field("line", "at"))} AS "at",
    regexp_extract("$path", ${literal(keyOfPath)}, 1) AS receipt
  FROM raw_receipts
  WHERE ${within(days)}
) AS r
LEFT JOIN (
  SELECT DISTINCT region, ${field("item", "receipt")} AS receipt
  FROM (SELECT region, json_extract(line, '$.items') AS items FROM raw_seals WHERE ${within(days)}) AS seals
  CROSS JOIN UNNEST(CAST(items AS array(json))) AS t (item)
) AS s ON s.region = r.region AND s.receipt = r.receipt
WHERE s.receipt IS NULL
ORDER BY r.day, r.account, r.region, r.log_group`.trim();
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

function dayOf(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 10);
}

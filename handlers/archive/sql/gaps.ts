import { literal } from "./expressions";

/** Days of the archive, both included: `YYYY-MM-DD`. */
export interface Days {
  readonly from: string;
  readonly to: string;
}

export function within({ from, to }: Days): string {
  return `day BETWEEN ${literal(from)} AND ${literal(to)}`;
}

/**
 * What is known to exist and is settled by neither receipt nor coverage:
 * - an item, or an account as a whole, whose standing line says `failed`, or `exported` without a receipt;
 * - a log group, or an account, with nothing on record for a day between two days for which there is something, if the day was
 *   archived in its Region, or came after the first of its records was written. Old days that were archived by themselves owe
 *   nothing for the days between them.
 * An account's own line settles its silent log groups if it says `empty` or `skipped`; a failed one says nothing new
 * about a day of which log groups are on record.
 * @param days The days to look at, and to look for neighbours in; all, if absent.
 */
export function gapsSql(days?: Days): string {
  const where = days ? ` WHERE ${within(days)}` : "";
  // An account as a whole is the log group '', so that it joins and sorts like the others.
  return `
WITH receipted AS (
  SELECT region, account, log_group, day, min("at") AS "at" FROM receipts${where} GROUP BY 1, 2, 3, 4
), covered AS (
  SELECT region, account, coalesce(log_group, '') AS log_group, day, outcome, reason, "at" FROM coverage_latest${where}
), recorded AS (
  SELECT region, account, log_group, day, "at" FROM receipted
  UNION ALL
  SELECT region, account, log_group, day, "at" FROM covered
), known AS (
  SELECT region, account, log_group, day, min("at") AS "at" FROM (
    SELECT region, account, log_group, day, "at" FROM recorded
    UNION ALL
    SELECT region, account, '' AS log_group, day, "at" FROM recorded
  ) AS each_and_whole
  GROUP BY 1, 2, 3, 4
), neighbours AS (
  SELECT
    region, account, log_group, CAST(day AS date) AS day,
    lead(CAST(day AS date)) OVER (PARTITION BY region, account, log_group ORDER BY day) AS next_day,
    CAST(min("at") OVER (PARTITION BY region, account, log_group) AS date) AS first_at
  FROM known
), apart AS (
  SELECT region, account, log_group, day, next_day, first_at FROM neighbours
  WHERE date_diff('day', day, next_day) > 1
), archived_days AS (
  SELECT DISTINCT region, day FROM recorded
), between_days AS (
  SELECT region, account, log_group, first_at, silent_day, date_format(silent_day, '%Y-%m-%d') AS day
  FROM apart
  CROSS JOIN UNNEST(sequence(day + INTERVAL '1' DAY, next_day - INTERVAL '1' DAY, INTERVAL '1' DAY)) AS t (silent_day)
), silent AS (
  SELECT b.region, b.account, b.log_group, b.day
  FROM between_days AS b
  LEFT JOIN archived_days AS d ON d.region = b.region AND d.day = b.day
  WHERE d.day IS NOT NULL OR b.silent_day >= b.first_at
), detailed AS (
  SELECT DISTINCT region, account, day FROM recorded WHERE log_group <> ''
), unsettled AS (
  SELECT c.region, c.account, c.log_group, c.day, c.outcome, c.reason
  FROM covered AS c
  LEFT JOIN detailed AS d ON c.log_group = '' AND d.region = c.region AND d.account = c.account AND d.day = c.day
  WHERE c.outcome IN ('failed', 'exported') AND d.day IS NULL
  UNION ALL
  SELECT s.region, s.account, s.log_group, s.day, a.outcome, a.reason
  FROM silent AS s
  LEFT JOIN covered AS a ON a.log_group = '' AND a.region = s.region AND a.account = s.account AND a.day = s.day
  WHERE coalesce(a.outcome, 'failed') = 'failed'
)
SELECT u.account, u.region, nullif(u.log_group, '') AS log_group, u.day, u.outcome, u.reason
FROM unsettled AS u
LEFT JOIN receipted AS r
  ON r.region = u.region AND r.account = u.account AND r.log_group = u.log_group AND r.day = u.day
WHERE r.day IS NULL`.trim();
}

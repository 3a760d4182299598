import { field, keyOfPath, literal, recordNumber } from "./expressions";

/**
 * What was archived and sealed, a row per event. An event file counts if a seal names it. Of a log group of which a day was
 * exported again, the events count that are of the receipt that stands, in files of its seal or of a later one.
 *
 * Every seal of a day is read for it, and of every file the columns that are asked for; a comparison of `day` with a literal
 * leaves out all other days.
 */
export const eventsSql = `
WITH seals AS (
  SELECT
    region, day,
    ${field("line", "account")} AS account,
    json_extract(line, '$.items') AS items,
    json_extract(line, '$.eventFiles') AS event_files,
    CAST(regexp_extract("$path", ${literal(recordNumber)}, 1) AS integer) AS n
  FROM raw_seals
), files AS (
  SELECT region, day, ${field("event_file", "key")} AS file, max(n) AS n
  FROM seals
  CROSS JOIN UNNEST(CAST(event_files AS array(json))) AS t (event_file)
  GROUP BY region, day, ${field("event_file", "key")}
), items AS (
  SELECT
    region, day, account, n,
    ${field("item", "logGroup")} AS log_group,
    CAST(regexp_extract(${field("item", "receipt")}, ${literal(recordNumber)}, 1) AS integer) AS receipt_n,
    json_extract(item, '$.objects') AS objects
  FROM seals
  CROSS JOIN UNNEST(CAST(items AS array(json))) AS t (item)
), exported_again AS (
  SELECT region, day, account, log_group, n, objects
  FROM (
    SELECT
      region, day, account, log_group, n, objects,
      row_number() OVER (PARTITION BY region, day, account, log_group ORDER BY receipt_n DESC) AS place,
      count(*) OVER (PARTITION BY region, day, account, log_group) AS receipts
    FROM items
  ) AS placed
  WHERE place = 1 AND receipts > 1
), standing_tasks AS (
  SELECT DISTINCT region, day, account, log_group, split_part(${field("exported", "key")}, '/', 3) AS task_id
  FROM exported_again
  CROSS JOIN UNNEST(CAST(objects AS array(json))) AS t (exported)
), stored AS (
  SELECT
    ts, region, account, log_group, log_stream, task_id, day, message,
    regexp_extract("$path", ${literal(keyOfPath)}, 1) AS file
  FROM raw_events
)
SELECT e.ts, e.region, e.account, e.log_group, e.log_stream, e.task_id, e.day, e.message
FROM stored AS e
INNER JOIN files AS f ON f.region = e.region AND f.day = e.day AND f.file = e.file
LEFT JOIN exported_again AS a
  ON a.region = e.region AND a.day = e.day AND a.account = e.account AND a.log_group = e.log_group
LEFT JOIN standing_tasks AS s
  ON s.region = e.region AND s.day = e.day AND s.account = e.account AND s.log_group = e.log_group
  AND s.task_id = e.task_id
WHERE a.log_group IS NULL OR (f.n >= a.n AND s.task_id IS NOT NULL)`.trim();

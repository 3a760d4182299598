import { epochMilliseconds, exportedPath, literal, parsedTimestamp } from "./expressions";
import { receiptsSql } from "./record-views";

/**
 * The lines that receipted export tasks wrote, with their log group and their task's window. Orphans and the write test
 * join no receipt. A text that has only the shape of a time stamp is part of the message.
 */
export const receiptedLinesSql = `
SELECT
  l.ts, l.region, l.account, r.log_group, l.log_stream, l.task_id, l.day, l.message,
  ${epochMilliseconds("l.ts")} AS ts_ms,
  r.from_ms,
  r.to_ms
FROM (
  SELECT
    region, account, day,
    regexp_extract("$path", ${literal(exportedPath)}, 1) AS task_id,
    regexp_extract("$path", ${literal(exportedPath)}, 2) AS log_stream,
    ${parsedTimestamp("ts")} AS ts,
    CASE WHEN ${parsedTimestamp("ts")} IS NULL THEN coalesce(ts || ' ', '') || message ELSE message END AS message
  FROM raw_lines
) AS l
INNER JOIN (
${receiptsSql("raw_account_receipts")}
) AS r ON l.region = r.region AND l.account = r.account AND l.day = r.day AND l.task_id = r.task_id`.trim();

/**
 * What was archived, a row per line. Windows share the millisecond at which one ends and the next begins: the event of
 * that millisecond is the next window's. Its further lines, which have no time, stay with both.
 */
export const eventsSql = `
SELECT ts, region, account, log_group, log_stream, task_id, day, message
FROM (
${receiptedLinesSql}
) AS lines
WHERE (ts IS NULL AND message <> '') OR ts_ms <> to_ms`.trim();

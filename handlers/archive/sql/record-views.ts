import { field, literal, numberField, parsedTimestamp, recordNumber } from "./expressions";

/** The standing receipts, a row per export task: of an item's receipts the one with the highest `n`. */
export const receiptsSql = `
SELECT
  account,
  region,
  log_group,
  day,
  ${field("task", "taskId")} AS task_id,
  ${field("task", "prefix")} AS prefix,
  ${numberField("task", "from")} AS from_ms,
  ${numberField("task", "to")} AS to_ms,
  ${numberField("task", "objects")} AS objects,
  ${numberField("task", "bytes")} AS bytes,
  ${field("task", "listingSha256")} AS listing_sha256,
  ${parsedTimestamp(field("task", "createdAt"))} AS created_at,
  ${parsedTimestamp(field("task", "completedAt"))} AS completed_at,
  run_id,
  ${parsedTimestamp('"at"')} AS "at"
FROM (
  SELECT
    account, region, log_group, day, tasks, run_id, "at",
    row_number() OVER (PARTITION BY region, day, account, log_group ORDER BY n DESC) AS place
  FROM (
    SELECT
      ${field("line", "account")} AS account,
      region,
      ${field("line", "logGroup")} AS log_group,
      day,
      json_extract(line, '$.tasks') AS tasks,
      ${field("line", "runId")} AS run_id,
      ${field("line", "at")} AS "at",
      CAST(regexp_extract("$path", ${literal(recordNumber)}, 1) AS integer) AS n
    FROM raw_receipts
  ) AS numbered
) AS placed
CROSS JOIN UNNEST(CAST(tasks AS array(json))) AS t (task)
WHERE place = 1`.trim();

/** Every line of coverage that runs wrote. */
export const coverageSql = `
SELECT
  ${field("line", "account")} AS account,
  region,
  ${field("line", "logGroup")} AS log_group,
  day,
  ${field("line", "outcome")} AS outcome,
  ${field("line", "reason")} AS reason,
  CAST(json_extract(line, '$.taskIds') AS array(varchar)) AS task_ids,
  ${numberField("line", "objects")} AS objects,
  ${numberField("line", "bytes")} AS bytes,
  ${field("line", "logClass")} AS log_class,
  ${numberField("line", "retentionInDays", "integer")} AS retention_in_days,
  CAST(${field("line", "masked")} AS boolean) AS masked,
  ${field("line", "runId")} AS run_id,
  ${parsedTimestamp(field("line", "at"))} AS "at"
FROM raw_coverage`.trim();

/**
 * The order of an item's lines, the one that stands first: as `compareStanding` has it. A line that was made from a receipt
 * outranks what any clock says.
 */
const standingOrder = `
      CASE WHEN task_ids IS NOT NULL OR (log_group IS NULL AND outcome = 'exported') THEN 1 ELSE 0 END DESC,
      "at" DESC,
      run_id DESC,
      CASE WHEN outcome = 'failed' THEN 1 ELSE 0 END DESC,
      outcome DESC,
      coalesce(reason, '') DESC`;

/** The line that stands of every item, and of every account as a whole. */
export const latestCoverageSql = `
SELECT
  account, region, log_group, day, outcome, reason, task_ids, objects, bytes, log_class, retention_in_days, masked,
  run_id, "at"
FROM (
  SELECT
    account, region, log_group, day, outcome, reason, task_ids, objects, bytes, log_class, retention_in_days, masked,
    run_id, "at",
    row_number() OVER (PARTITION BY region, day, account, log_group ORDER BY${standingOrder}
    ) AS place
  FROM coverage
) AS placed
WHERE place = 1`.trim();

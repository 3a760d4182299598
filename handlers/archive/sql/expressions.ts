/** What the views' SQL is made of. */

/**
 * A line of an exported object, for Athena's RegexSerDe: the event's time and message. Every line matches, because a line
 * that does not is a row of NULLs: the further lines of an event have no time, and all their text is message.
 * https://docs.aws.amazon.com/athena/latest/ug/regex-serde.html
 */
export const exportedLine = String.raw`^(?:(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z) )?([\s\S]*)$`;

/** A line of a record as it is, for the RegexSerDe. The JSON in it is read by SQL functions. */
export const wholeLine = String.raw`^([\s\S]*)$`;

/** The key in an object's `"$path"`. */
export const keyOfPath = "^s3://[^/]+/(.+)$";

/** The `n` of a receipt's or a seal's key. */
export const recordNumber = String.raw`[./](\d+)\.json$`;

/** A text as an SQL literal. */
export function literal(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

/** A moment as an SQL literal, in UTC. */
export function timestamp(epochMs: number): string {
  return `TIMESTAMP '${new Date(epochMs).toISOString().slice(0, -1).replace("T", " ")}'`;
}

/** The time stamps of the archive are ISO 8601 in UTC; what is none (a line that only looks like an event's) is NULL. */
export function parsedTimestamp(text: string): string {
  return `CAST(try(from_iso8601_timestamp(${text})) AS timestamp(3))`;
}

/** A `timestamp` as epoch milliseconds. */
export function epochMilliseconds(timestamp: string): string {
  return `date_diff('millisecond', TIMESTAMP '1970-01-01 00:00:00', ${timestamp})`;
}

export function field(json: string, name: string): string {
  return `json_extract_scalar(${json}, '$.${name}')`;
}

export function numberField(json: string, name: string, type: "bigint" | "integer" = "bigint"): string {
  return `CAST(${field(json, name)} AS ${type})`;
}

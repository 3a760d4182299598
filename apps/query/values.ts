import {
  DuckDBBlobValue,
  DuckDBListValue,
  DuckDBStructValue,
  DuckDBTimestampValue,
  type DuckDBValue,
  type Json,
} from "@duckdb/node-api";

/** A value of an answer as JSON has it: times as ISO 8601 in UTC, numbers as numbers as long as they are exact. */
export function toJson(value: DuckDBValue): Json {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value instanceof DuckDBTimestampValue) return isoTime(value);
  if (value instanceof DuckDBListValue) return value.items.map(toJson);
  if (value instanceof DuckDBStructValue)
    return Object.fromEntries(Object.entries(value.entries).map(([name, entry]) => [name, toJson(entry)]));
  if (value instanceof DuckDBBlobValue) return Buffer.from(value.bytes).toString("base64");
  return value.toString();
}

function isoTime(value: DuckDBTimestampValue): string {
  const at = Number(value.micros / 1000n);
  const isExact = value.isFinite && value.micros % 1000n === 0n && Math.abs(at) <= 8.64e15;
  return isExact ? new Date(at).toISOString() : value.toString();
}

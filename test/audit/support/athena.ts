import { gunzipSync } from "node:zlib";
import { type RawTableDefinition, rawTables } from "../../../constructs/audit/raw-tables";
import { type ArchivedObject, logArchive, otherRegion, region } from "./archive";

/** A row of a raw table: `"$path"`, partition values, and the columns. */
export type RawRow = Readonly<Record<string, string | null>>;

export const tables = rawTables(logArchive, [region, otherRegion]);

/** The partition in which Athena finds an object, by the table's location template; undefined: it does not read it. */
export function partitionOf(
  { projection }: RawTableDefinition,
  { bucket, key }: ArchivedObject,
): Record<string, string> | undefined {
  const values: Record<string, string> = {
    region: `(?<region>${region}|${otherRegion})`,
    account: "(?<account>[^/]+)",
    day: "(?<day>\\d{4}-\\d{2}-\\d{2})",
  };
  const template = projection.parameters["storage.location.template"] ?? "";
  const pattern = template.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => values[name] ?? "");
  return new RegExp(`^${pattern}`).exec(`s3://${bucket}/${key}`)?.groups;
}

/** What Athena reads of an archive, table by table. */
export function read(objects: readonly ArchivedObject[]): Record<string, RawRow[]> {
  return Object.fromEntries(
    tables.map((table) => [table.tableName, objects.flatMap((object) => rowsOf(table, object))]),
  );
}

function rowsOf(table: RawTableDefinition, object: ArchivedObject): RawRow[] {
  const partition = partitionOf(table, object);
  if (!partition || isHidden(object.key)) return [];
  const body = object.key.endsWith(".gz") ? gunzipSync(object.body) : object.body;
  return linesOf(body.toString("utf8")).map((line) => ({
    $path: `s3://${object.bucket}/${object.key}`,
    ...partition,
    ...deserialize(table, line),
  }));
}

/** As Hadoop's rule for files has it. */
export function isHidden(key: string): boolean {
  return key.split("/").some((part) => part.startsWith("_") || part.startsWith("."));
}

/** As Hadoop's reader of lines: each of the three line ends ends one. */
function linesOf(text: string): string[] {
  const lines = text.split(/\r\n|\n|\r/);
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}

/** As the RegexSerDe: the whole line has to match, or every column is NULL. */
function deserialize({ columns, linePattern }: RawTableDefinition, line: string): RawRow {
  const groups = new RegExp(linePattern).exec(line)?.slice(1) ?? [];
  return Object.fromEntries(columns.map((column, index) => [column, groups[index] ?? null]));
}

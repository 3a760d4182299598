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

/** What Athena reads of an archive, table by table: rows of lines, and whole files of Parquet. */
export interface RawData {
  readonly rows: Readonly<Record<string, readonly RawRow[]>>;
  readonly files: Readonly<Record<string, readonly RawFile[]>>;
}

/** A Parquet file, with what Athena knows of it besides. */
export interface RawFile {
  readonly $path: string;
  readonly partition: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export function read(objects: readonly ArchivedObject[]): RawData {
  const rows: Record<string, RawRow[]> = {};
  const files: Record<string, RawFile[]> = {};
  for (const table of tables)
    if (table.format.kind === "lines") rows[table.tableName] = objects.flatMap((object) => rowsOf(table, object));
    else files[table.tableName] = objects.flatMap((object) => filesOf(table, object));
  return { rows, files };
}

function filesOf(table: RawTableDefinition, object: ArchivedObject): RawFile[] {
  const partition = partitionOf(table, object);
  if (!partition || isHidden(object.key)) return [];
  return [{ $path: pathOf(object), partition, body: object.body }];
}

export function pathOf({ bucket, key }: Pick<ArchivedObject, "bucket" | "key">): string {
  return `s3://${bucket}/${key}`;
}

function rowsOf(table: RawTableDefinition, object: ArchivedObject): RawRow[] {
  const partition = partitionOf(table, object);
  if (!partition || isHidden(object.key)) return [];
  const body = object.key.endsWith(".gz") ? gunzipSync(object.body) : object.body;
  return linesOf(body.toString("utf8")).map((line) => ({
    $path: pathOf(object),
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
function deserialize({ columns, format }: RawTableDefinition, line: string): RawRow {
  const groups = format.kind === "lines" ? new RegExp(format.pattern).exec(line)?.slice(1) : undefined;
  return Object.fromEntries(columns.map(({ name }, index) => [name, groups?.[index] ?? null]));
}

import { literal } from "../../handlers/archive/sql/expressions";
import { scannedColumns } from "./event-chunk";
import type { EventFileToRead, EventsInFiles } from "./events-in-files";

/** The events of a question: those that event files hold, and the others, which are read from the evidence. A table macro. */
export const everyEvent = "every_event()";

/** Rows of one millisecond and log stream are in their order within a file, and files in that in which they were written. */
const place = "file_index::BIGINT * 4294967296 + file_row_number + 1";

/** Parquet's times are in UTC, as the session's are. */
const ofFiles: Readonly<Record<string, string>> = { ts: "ts::TIMESTAMP AS ts", place: `${place} AS place` };
const columns = scannedColumns.map((name) => ofFiles[name] ?? name).join(", ");

/** Makes the macro anew for a question; without event files, everything is read from the evidence. */
export function everyEventMacro(found?: Pick<EventsInFiles, "files" | "areAll">): string {
  const inFiles = partsOf(found?.files ?? []).map(
    ({ paths, where }) =>
      // A folder's name is no column: the files have their own.
      `SELECT ${columns} FROM read_parquet([${paths.map(literal).join(", ")}], hive_partitioning = false)${where}`,
  );
  // With two sources DuckDB reads on one processor, and spends another on waiting for it.
  const parts = found?.areAll && inFiles.length > 0 ? inFiles : ["SELECT * FROM scan_events()", ...inFiles];
  return `CREATE OR REPLACE MACRO ${everyEvent} AS TABLE ${parts.join("\nUNION ALL\n")}`;
}

interface Part {
  readonly paths: readonly string[];
  readonly where: string;
}

function partsOf(files: readonly EventFileToRead[]): Part[] {
  const whole = files.filter(({ isWhole }) => isWhole);
  const partly = files.filter(({ isWhole }) => !isWhole);
  const claims = new Map<string, number>();
  for (const taskId of files.flatMap(({ taskIds }) => taskIds)) claims.set(taskId, (claims.get(taskId) ?? 0) + 1);
  // A task of several files may count in some of them only.
  const alone = partly.filter(({ taskIds }) => taskIds.some((taskId) => (claims.get(taskId) ?? 0) > 1));
  const together = partly.filter((file) => !alone.includes(file));
  return [whole, together, ...alone.map((file) => [file])]
    .filter((group) => group.length > 0)
    .map((group) => ({
      paths: group.map(({ path }) => path),
      where: group === whole ? "" : conditions(group),
    }));
}

/** By the log group a reader knows what of a file to leave out. */
function conditions(files: readonly EventFileToRead[]): string {
  const oneOf = (values: readonly string[]) => [...new Set(values)].map(literal).join(", ");
  const logGroups = oneOf(files.flatMap((file) => file.logGroups));
  return ` WHERE log_group IN (${logGroups}) AND task_id IN (${oneOf(files.flatMap(({ taskIds }) => taskIds))})`;
}

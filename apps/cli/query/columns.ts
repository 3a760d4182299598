import type { Column } from "../../terminal/table";

/** What the views' columns say of a row's place, and not what it says: all others are the answer, those of SQL's own included. */
const places = ["day", "region", "account", "account_name", "log_group", "log_stream", "task_id", "run_id", "at"];
/** What a row's other columns say as well, or nearly, the least first. */
const spare = ["task_id", "run_id", "at", "log_stream", "account", "region"];

/** The columns of an answer to SQL: what was asked for is never left out. */
export function sqlColumns(names: readonly string[]): Column[] {
  return names.map((name) => ({ name, rank: places.includes(name) ? 2 : 1 }));
}

/** The columns of an answer to options, or to a question that has a name. */
export function askedColumns(names: readonly string[]): Column[] {
  return sqlColumns(names).map((column) => {
    const isSpare = spare.includes(column.name) && (column.name !== "account" || names.includes("account_name"));
    return isSpare ? { ...column, rank: 2 + spare.length - spare.indexOf(column.name) } : column;
  });
}

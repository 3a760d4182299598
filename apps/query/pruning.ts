import type { Condition, PartitionColumn, Selection } from "./selection";
import { partitionColumns } from "./selection";

/**
 * Finds out from a statement's syntax which parts of the archive it can want. A condition counts if it stands in the WHERE
 * of the SELECT whose FROM names the view, joined by AND, and compares a column of the archive's partitions with literals
 * (`=`, IN, and for days BETWEEN, <, <=, >, >=). What is not understood excludes nothing.
 */

/** What reads files. */
export const scans = ["events", "raw_lines", "receipts", "coverage"] as const;
export type Scan = (typeof scans)[number];

/** What a statement reads, and the parts of it; what it does not read is absent. */
export type Selections = Readonly<Partial<Record<Scan, Selection>>>;

/** The scans behind every view, and the columns by which reading less of them changes nothing in the view's rows. */
const views: Readonly<
  Record<string, { readonly scans: readonly Scan[]; readonly columns: readonly PartitionColumn[] }>
> = {
  events: { scans: ["events"], columns: partitionColumns },
  raw_lines: { scans: ["raw_lines"], columns: ["region", "account", "day"] },
  receipts: { scans: ["receipts"], columns: partitionColumns },
  coverage: { scans: ["coverage"], columns: partitionColumns },
  coverage_latest: { scans: ["coverage"], columns: partitionColumns },
  // A gap is known from the days around it.
  gaps: { scans: ["receipts", "coverage"], columns: ["region", "account"] },
};

type Node = Readonly<Record<string, unknown>>;

/** A condition in a WHERE, and the table's name before the column, if there is one. */
interface Term extends Condition {
  readonly qualifier: string | undefined;
}

/** @param tree `json_serialize_sql` of the statement. */
export function selectionsOf(tree: unknown): Selections {
  const selections: Partial<Record<Scan, Selection>> = {};
  const note = (view: string, conditions: readonly Condition[]) => {
    const { scans, columns } = views[view] ?? { scans: [], columns: [] };
    const usable = conditions.filter(({ column }) => columns.includes(column));
    for (const scan of scans) selections[scan] = [...(selections[scan] ?? []), usable];
  };
  walk(tree, note);
  return selections;
}

type Note = (view: string, conditions: readonly Condition[]) => void;

function walk(value: unknown, note: Note): void {
  if (Array.isArray(value)) for (const one of value) walk(one, note);
  if (!isNode(value)) return;
  if (value.type === "SELECT_NODE") {
    const { from_table, ...rest } = value;
    walkFrom(from_table, conjuncts(value.where_clause), note);
    for (const child of Object.values(rest)) walk(child, note);
    return;
  }
  if (value.type === "BASE_TABLE") note(text(value.table_name).toLowerCase(), []);
  if (value.class === "FUNCTION")
    note(
      text(value.function_name)
        .toLowerCase()
        .replace(/^scan_/, ""),
      [],
    );
  for (const child of Object.values(value)) walk(child, note);
}

function walkFrom(from: unknown, terms: readonly Term[], note: Note): void {
  if (!isNode(from)) return;
  if (from.type === "BASE_TABLE" && !from.sample && isEmptyList(from.column_name_alias)) {
    const name = text(from.table_name).toLowerCase();
    const alias = text(from.alias).toLowerCase() || name;
    note(
      name,
      terms.filter(({ qualifier }) => qualifier === undefined || qualifier === alias),
    );
    return;
  }
  if (from.type === "JOIN") {
    // In other joins a row of one side decides about rows of the other before WHERE sees them.
    const isPlain =
      ["REGULAR", "CROSS", "NATURAL"].includes(text(from.ref_type)) &&
      ["INNER", "LEFT", "RIGHT", "OUTER"].includes(text(from.join_type));
    const { left, right, ...rest } = from;
    for (const side of [left, right]) walkFrom(side, isPlain ? terms : [], note);
    for (const child of Object.values(rest)) walk(child, note);
    return;
  }
  walk(from, note);
}

/** The conditions that must all hold. */
function conjuncts(where: unknown): Term[] {
  if (!isNode(where)) return [];
  if (where.type === "CONJUNCTION_AND") return list(where.children).flatMap(conjuncts);
  if (where.type === "CONJUNCTION_OR") return disjunction(list(where.children).map(conjuncts));
  if (where.type === "COMPARE_IN") {
    const [column, ...options] = list(where.children);
    const values = options.map(constant);
    if (values.includes(undefined)) return [];
    return term(column, (value) => values.includes(value));
  }
  if (where.type === "COMPARE_BETWEEN") {
    const [lower, upper] = [constant(where.lower), constant(where.upper)];
    if (lower === undefined || upper === undefined) return [];
    return range(where.input, (value) => value >= lower && value <= upper);
  }
  return comparison(where);
}

const comparisons: Readonly<Record<string, (value: string, bound: string) => boolean>> = {
  COMPARE_GREATERTHAN: (value, bound) => value > bound,
  COMPARE_GREATERTHANOREQUALTO: (value, bound) => value >= bound,
  COMPARE_LESSTHAN: (value, bound) => value < bound,
  COMPARE_LESSTHANOREQUALTO: (value, bound) => value <= bound,
};

function comparison({ type, left, right }: Node): Term[] {
  const isFlipped = constant(left) !== undefined;
  const bound = constant(isFlipped ? left : right);
  const column = isFlipped ? right : left;
  if (bound === undefined) return [];
  if (type === "COMPARE_EQUAL") return term(column, (value) => value === bound);
  const holds = comparisons[text(type)];
  if (!holds) return [];
  return range(column, (value) => (isFlipped ? holds(bound, value) : holds(value, bound)));
}

/** What the branches say about the same column of the same table; one that says nothing lets every value pass. */
function disjunction(branches: readonly Term[][]): Term[] {
  const [first = [], ...others] = branches;
  return first.flatMap((one) => {
    const alike = others.map((terms) =>
      terms.filter(({ column, qualifier }) => column === one.column && qualifier === one.qualifier),
    );
    const holds = (value: string) =>
      one.holds(value) || alike.some((terms) => terms.every((term) => term.holds(value)));
    return [{ ...one, holds }];
  });
}

/** Only days are sure to sort in SQL as they do here. */
function range(column: unknown, holds: (value: string) => boolean): Term[] {
  return term(column, holds).filter(({ column }) => column === "day");
}

function term(reference: unknown, holds: (value: string) => boolean): Term[] {
  if (!isNode(reference) || reference.type !== "COLUMN_REF") return [];
  const names = list(reference.column_names).map((name) => text(name).toLowerCase());
  const column = partitionColumns.find((one) => one === names.at(-1));
  if (column === undefined || names.length > 2) return [];
  return [{ column, holds, qualifier: names.length === 2 ? names[0] : undefined }];
}

/** The text of a text literal. */
function constant(node: unknown): string | undefined {
  if (!isNode(node) || node.type !== "VALUE_CONSTANT" || !isNode(node.value)) return undefined;
  const { value, type } = node.value;
  return isNode(type) && type.id === "VARCHAR" && typeof value === "string" ? value : undefined;
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isEmptyList(value: unknown): boolean {
  return list(value).length === 0;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

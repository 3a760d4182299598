import { conjuncts, type Term } from "./conditions";
import { formatViews } from "./format-views";
import { InvalidQuery } from "./invalid-query";
import type { Condition, Selection } from "./selection";
import { containing, partitionColumns } from "./selection";
import { isEmptyList, isNode, list, type Node, text } from "./syntax";

/**
 * Finds out from a statement's syntax which parts of the archive it can want. A condition counts if it stands in the WHERE
 * of the SELECT whose FROM names the view, joined by AND. A condition that is not understood excludes nothing; a statement
 * that may reach a view in a way that is not understood is refused.
 */

/** What reads files. */
export const scans = ["events", "raw_lines", "receipts", "coverage"] as const;
export type Scan = (typeof scans)[number];

/** What a statement reads, and the parts of it; what it does not read is absent. */
export type Selections = Readonly<Partial<Record<Scan, Selection>>>;

/** What a statement asks of an archive. */
export interface Wanted {
  readonly scans: Selections;
  /** The parts of the archive whose content it is about: an answer lacks what the archive does not hold of them. */
  readonly content: Selection;
  /** The parts whose records it is about: an answer lacks what is not on record of them. */
  readonly records: Selection;
}

interface ViewReading {
  readonly scans: readonly Scan[];
  /** It shows what is archived, and not what is on record of that. */
  readonly isContent?: boolean;
  /** The columns by which reading less changes nothing in the view's rows. */
  readonly columns: readonly Condition["column"][];
  /** Other columns that say what is asked about. */
  readonly about?: readonly Condition["column"][];
  /** What the view itself says of what it reads. */
  readonly always?: readonly Condition[];
}

/** The scans behind every view. */
const views: ReadonlyMap<string, ViewReading> = new Map<string, ViewReading>([
  ["events", { scans: ["events"], isContent: true, columns: [...partitionColumns, "message"], about: ["ts"] }],
  ["raw_lines", { scans: ["raw_lines"], isContent: true, columns: ["region", "account", "day"] }],
  ["receipts", { scans: ["receipts"], isContent: true, columns: partitionColumns }],
  ["coverage", { scans: ["coverage"], columns: partitionColumns }],
  ["coverage_latest", { scans: ["coverage"], columns: partitionColumns }],
  // A gap is known from the days around it.
  ["gaps", { scans: ["receipts", "coverage"], columns: ["region", "account"], about: ["day", "log_group"] }],
  ...formatViews.map(({ name, holds, columns }): readonly [string, ViewReading] => {
    const always = holds === undefined ? {} : { always: [containing({ text: holds, ignoreCase: false })] };
    return [name, { scans: ["events"], isContent: true, columns, about: ["ts"], ...always }];
  }),
  // `events` with their place in the archive.
  ["ordered_events", { scans: ["events"], isContent: true, columns: [...partitionColumns, "message"], about: ["ts"] }],
]);

/** Where the views are in Athena, and here. */
const schemas = ["", "main", "org_log_archive"];
const catalogs = ["", "memory", "awsdatacatalog"];

/** Table functions that make rows of what they are given, and reach no view and no file. */
const tableFunctions = ["generate_series", "json_each", "json_tree", "range", "repeat", "unnest"];

const queryNodes = ["SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE"];
const tableNodes = [
  "BASE_TABLE",
  "EMPTY",
  "EXPRESSION_LIST",
  "JOIN",
  "PIVOT",
  "SHOW_REF",
  "SUBQUERY",
  "TABLE_FUNCTION",
];
const modifiers = ["DISTINCT_MODIFIER", "LIMIT_MODIFIER", "LIMIT_PERCENT_MODIFIER", "ORDER_MODIFIER"];
const orders = ["ASCENDING", "DESCENDING", "ORDER_DEFAULT"];
const knownTypes = new Set([...queryNodes, ...tableNodes, ...modifiers, ...orders]);

const knownClasses = new Set(
  [
    ["BETWEEN", "CASE", "CAST", "COLLATE", "COLUMN_REF", "COMPARISON", "CONJUNCTION", "CONSTANT", "DEFAULT"],
    ["FUNCTION", "LAMBDA", "LAMBDA_REF", "OPERATOR", "PARAMETER", "POSITIONAL_REFERENCE", "STAR", "SUBQUERY", "WINDOW"],
  ].flat(),
);

/**
 * @param tree `json_serialize_sql` of the statement.
 * @throws {InvalidQuery} if the statement names what is no view of the archive, or reads in a way that is not known.
 */
export function wantedOf(tree: unknown): Wanted {
  const scans: Partial<Record<Scan, Selection>> = {};
  const [content, records]: [Condition[][], Condition[][]] = [[], []];
  const ctes = new Set<string>();
  collectCtes(tree, ctes);
  walk(tree, {
    ctes,
    note: (view, conditions) => {
      const by = (columns: readonly Condition["column"][]) => [
        ...conditions.filter(({ column }) => columns.includes(column === "account_name" ? "account" : column)),
        ...(view.always ?? []),
      ];
      for (const scan of view.scans) scans[scan] = [...(scans[scan] ?? []), by(view.columns)];
      (view.isContent ? content : records).push(by([...view.columns, ...(view.about ?? [])]));
    },
  });
  return { scans, content, records };
}

interface Walk {
  /** Names that a WITH gives, in small letters. One that is a view's, too, counts as the view: reading more does no harm. */
  readonly ctes: ReadonlySet<string>;
  readonly note: (view: ViewReading, conditions: readonly Condition[]) => void;
}

function collectCtes(value: unknown, names: Set<string>): void {
  if (Array.isArray(value)) for (const one of value) collectCtes(one, names);
  if (!isNode(value)) return;
  if (isNode(value.cte_map))
    for (const entry of list(value.cte_map.map)) if (isNode(entry)) names.add(nameOf(entry.key));
  for (const child of Object.values(value)) collectCtes(child, names);
}

function walk(value: unknown, seen: Walk): void {
  if (Array.isArray(value)) for (const one of value) walk(one, seen);
  if (!isNode(value)) return;
  checkKnown(value);
  if (value.class === "CONSTANT") return;
  // A description of columns needs no rows.
  const within = value.type === "SHOW_REF" && value.show_type === "DESCRIBE" ? { ...seen, note: () => {} } : seen;
  const { cast_type, from_table, ...rest } = value;
  if (value.type === "SELECT_NODE")
    // A sample is taken before the WHERE.
    walkFrom(from_table, value.sample ? [] : conjuncts(value.where_clause), seen);
  if (value.type === "BASE_TABLE") noteTable(value, [], seen);
  if (value.type === "TABLE_FUNCTION") checkTableFunction(value.function);
  for (const child of Object.values(rest)) walk(child, within);
}

/** @throws {InvalidQuery} for a kind of node that came with a newer DuckDB, and may read what it likes. */
function checkKnown({ class: kind, type, function_name }: Node): void {
  const isKnown =
    typeof kind === "string"
      ? knownClasses.has(kind)
      : typeof type !== "string" || knownTypes.has(type) || typeof function_name === "string";
  if (!isKnown)
    throw new InvalidQuery(
      `This statement has a part that is not known here (${text(kind) || text(type)}), and what it reads neither. Write it otherwise.`,
    );
}

function checkTableFunction(call: unknown): void {
  const name = isNode(call) ? nameOf(call.function_name) : "";
  if (tableFunctions.includes(name)) return;
  throw new InvalidQuery(
    `${name}() cannot be asked: what a table function reads is not known. Name a view (${viewNames()}); allowed besides: ${tableFunctions.join(", ")}.`,
  );
}

function noteTable(table: Node, conditions: readonly Condition[], { ctes, note }: Walk): void {
  const [catalog, schema, name] = [table.catalog_name, table.schema_name, table.table_name].map(nameOf);
  const view = views.get(name ?? "");
  if (view && schemas.includes(schema ?? "") && catalogs.includes(catalog ?? "")) note(view, conditions);
  else if (!(schema === "" && ctes.has(name ?? "")) && !isInformationSchema(table))
    throw new InvalidQuery(
      `There is no table ${[table.catalog_name, table.schema_name, table.table_name].map(text).filter(Boolean).join(".")}. There are: ${viewNames()}.`,
    );
}

/** What says which views and columns there are. */
function isInformationSchema({ schema_name, table_name }: Node): boolean {
  return nameOf(schema_name) === "information_schema" && ["columns", "tables"].includes(nameOf(table_name));
}

function viewNames(): string {
  return [...views.keys()].filter((name) => name !== "ordered_events").join(", ");
}

function walkFrom(from: unknown, terms: readonly Term[], seen: Walk): void {
  if (!isNode(from)) return;
  if (from.type === "BASE_TABLE" && !from.sample && isEmptyList(from.column_name_alias)) {
    const alias = nameOf(from.alias) || nameOf(from.table_name);
    noteTable(
      from,
      terms.filter(({ qualifier }) => qualifier === undefined || qualifier === alias),
      seen,
    );
    return;
  }
  if (from.type === "JOIN") {
    // In other joins a row of one side decides about rows of the other before WHERE sees them.
    const isPlain =
      ["REGULAR", "CROSS", "NATURAL"].includes(text(from.ref_type)) &&
      ["INNER", "LEFT", "RIGHT", "OUTER"].includes(text(from.join_type));
    const { left, right, ...rest } = from;
    for (const side of [left, right]) walkFrom(side, isPlain ? terms : [], seen);
    for (const child of Object.values(rest)) walk(child, seen);
    return;
  }
  walk(from, seen);
}

/** Names are the same in any case of letters. */
function nameOf(value: unknown): string {
  return text(value).toLowerCase();
}

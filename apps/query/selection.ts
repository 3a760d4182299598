import type { Literal, Literals } from "./literals";

/** The columns by which an archive is divided, so that what a question excludes by them is not read. */
export const partitionColumns = ["region", "account", "day", "log_group"] as const;
export type PartitionColumn = (typeof partitionColumns)[number];

/** Known about something that may be read. */
export type Partition = Readonly<Partial<Record<PartitionColumn, string>>>;

/** What a value is compared with: it is one of the values, and lies between the bounds, as far as they are given. */
export interface Comparison {
  readonly values?: readonly string[];
  readonly from?: string;
  readonly after?: string;
  readonly to?: string;
  readonly before?: string;
  /** The value contains this. Only what is known of messages is asked so, and no part of an archive is known by them. */
  readonly contains?: Literal;
}

/**
 * What one column has to satisfy: all comparisons of any alternative. Those of `ts` are of the time stamps' days in UTC: they say
 * what is asked about, and exclude nothing from being read, for an event may lie with another day.
 */
export interface Condition {
  readonly column: PartitionColumn | "account_name" | "message" | "ts";
  readonly anyOf: readonly (readonly Comparison[])[];
}

/** Any of these alternatives, each of which is conditions that hold together. One without conditions selects everything. */
export type Selection = readonly (readonly Condition[])[];

export const everything: Selection = [[]];

/** Whether a question can want this part of the archive. Columns whose value is not known yet exclude nothing. */
export function selects(selection: Selection, partition: Partition): boolean {
  return selection.some((conditions) =>
    conditions.every(({ column, anyOf }) => {
      const value = isPartitionColumn(column) ? partition[column] : undefined;
      return value === undefined || anyOf.some((comparisons) => comparisons.every((one) => holds(one, value)));
    }),
  );
}

function isPartitionColumn(column: string): column is PartitionColumn {
  return partitionColumns.some((one) => one === column);
}

/** Whether a value is as it is compared. */
export function holds({ values, from, after, to, before }: Comparison, value: string): boolean {
  return (
    (values === undefined || values.includes(value)) &&
    (from === undefined || value >= from) &&
    (after === undefined || value > after) &&
    (to === undefined || value <= to) &&
    (before === undefined || value < before)
  );
}

/** What both select. */
export function both(one: Selection, other: Selection): Selection {
  return one.flatMap((left) => other.map((right) => [...left, ...right]));
}

export function oneOf(column: PartitionColumn, values: readonly string[]): Condition {
  return { column, anyOf: [[{ values }]] };
}

/** Days `YYYY-MM-DD`, both included; absent: no bound. */
export function daysFromTo(from: string | undefined, to: string | undefined): Condition {
  return { column: "day", anyOf: [[{ ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }]] };
}

/** The only values of a column that a selection can want; undefined: it wants any. */
export function wantedValues(selection: Selection, column: PartitionColumn): string[] | undefined {
  const wanted = comparisonsOf(selection, column).map(
    (comparisons) => comparisons.find(({ values }) => values)?.values,
  );
  if (wanted.includes(undefined)) return undefined;
  return [...new Set(wanted.flatMap((values) => values ?? []))].filter((value) =>
    selects(selection, { [column]: value }),
  );
}

/** What the messages of a part of the archive contain, as far as a selection says so. */
export function literalsOf(selection: Selection, partition: Partition): Literals {
  const ofPart = selection.filter((conditions) => selects([conditions], partition));
  return comparisonsOf(ofPart, "message").map((comparisons) => comparisons.flatMap(({ contains }) => contains ?? []));
}

/** That messages contain a text. */
export function containing(contains: Literal): Condition {
  return { column: "message", anyOf: [[{ contains }]] };
}

/** The same, where accounts are asked for by their names: by the ids that have them. */
export function withoutNames(selection: Selection, idsOf: (name: string) => readonly string[]): Selection {
  return selection.map((conditions) =>
    conditions.map(({ column, anyOf }) => {
      if (column !== "account_name") return { column, anyOf };
      const ids = (comparisons: readonly Comparison[]) =>
        comparisons.flatMap(({ values }) => (values ? { values: values.flatMap(idsOf) } : []));
      return { column: "account", anyOf: anyOf.map(ids) };
    }),
  );
}

/** That messages contain all literals of an alternative; none where an alternative has none. */
export function containingAny(literals: Literals): Condition[] {
  if (literals.length === 0 || literals.some((all) => all.length === 0)) return [];
  return [{ column: "message", anyOf: literals.map((all) => all.map((contains) => ({ contains }))) }];
}

/** What each way to satisfy a selection compares a column with. */
export function comparisonsOf(selection: Selection, column: Condition["column"]): Condition["anyOf"] {
  return selection.flatMap((conditions) => allOf(conditions.filter((condition) => condition.column === column)));
}

/** What conditions on the same column say together. */
export function allOf(conditions: readonly Condition[]): Condition["anyOf"] {
  return conditions.reduce<Condition["anyOf"]>(
    (ways, { anyOf }) => ways.flatMap((way) => anyOf.map((comparisons) => [...way, ...comparisons])),
    [[]],
  );
}

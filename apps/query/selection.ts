/** The columns by which an archive is divided, so that what a question excludes by them is not read. */
export const partitionColumns = ["region", "account", "day", "log_group"] as const;
export type PartitionColumn = (typeof partitionColumns)[number];

/** Known about something that may be read. */
export type Partition = Readonly<Partial<Record<PartitionColumn, string>>>;

/** What one column has to satisfy. */
export interface Condition {
  readonly column: PartitionColumn;
  readonly holds: (value: string) => boolean;
}

/** Any of these alternatives, each of which is conditions that hold together. One without conditions selects everything. */
export type Selection = readonly (readonly Condition[])[];

export const everything: Selection = [[]];

/** Whether a question can want this part of the archive. Columns whose value is not known yet exclude nothing. */
export function selects(selection: Selection, partition: Partition): boolean {
  return selection.some((conditions) =>
    conditions.every(({ column, holds }) => {
      const value = partition[column];
      return value === undefined || holds(value);
    }),
  );
}

/** What both select. */
export function both(one: Selection, other: Selection): Selection {
  return one.flatMap((left) => other.map((right) => [...left, ...right]));
}

export function oneOf(column: PartitionColumn, values: readonly string[]): Condition {
  const wanted = new Set(values);
  return { column, holds: (value) => wanted.has(value) };
}

/** Days `YYYY-MM-DD`, both included; absent: no bound. */
export function daysFromTo(from: string | undefined, to: string | undefined): Condition {
  return { column: "day", holds: (day) => (from === undefined || day >= from) && (to === undefined || day <= to) };
}

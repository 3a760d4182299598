import { allOf, type Comparison, type Condition, partitionColumns } from "./selection";
import { isNode, list, type Node, text } from "./syntax";

/**
 * What a WHERE says about a column of the archive's partitions, as far as it compares it with literals (`=`, IN, and for days
 * BETWEEN, <, <=, >, >=). What is not understood says nothing.
 */
export interface Term extends Condition {
  /** The table's name before the column, if there is one. */
  readonly qualifier: string | undefined;
}

/** The conditions that must all hold. */
export function conjuncts(where: unknown): Term[] {
  if (!isNode(where)) return [];
  if (where.type === "CONJUNCTION_AND") return list(where.children).flatMap(conjuncts);
  if (where.type === "CONJUNCTION_OR") return disjunction(list(where.children).map(conjuncts));
  if (where.type === "COMPARE_IN") {
    const [column, ...options] = list(where.children);
    const values = options.flatMap((option) => constant(option) ?? []);
    return values.length === options.length ? term(column, { values }) : [];
  }
  if (where.type === "COMPARE_BETWEEN") {
    const [from, to] = [constant(where.lower), constant(where.upper)];
    return from === undefined || to === undefined ? [] : range(where.input, { from, to });
  }
  return comparison(where);
}

const bounds: Readonly<Record<string, readonly [bound: keyof Comparison, flipped: keyof Comparison]>> = {
  COMPARE_GREATERTHAN: ["after", "before"],
  COMPARE_GREATERTHANOREQUALTO: ["from", "to"],
  COMPARE_LESSTHAN: ["before", "after"],
  COMPARE_LESSTHANOREQUALTO: ["to", "from"],
};

function comparison({ type, left, right }: Node): Term[] {
  const isFlipped = constant(left) !== undefined;
  const value = constant(isFlipped ? left : right);
  const column = isFlipped ? right : left;
  if (value === undefined) return [];
  if (type === "COMPARE_EQUAL") return term(column, { values: [value] });
  const [bound, flipped] = bounds[text(type)] ?? [];
  return bound && flipped ? range(column, { [isFlipped ? flipped : bound]: value }) : [];
}

/** What the branches say about the same column of the same table; one that says nothing lets every value pass. */
function disjunction(branches: readonly Term[][]): Term[] {
  const [first = [], ...others] = branches;
  return first.flatMap((one) => {
    const alike = others.map((terms) =>
      terms.filter(({ column, qualifier }) => column === one.column && qualifier === one.qualifier),
    );
    if (alike.some((terms) => terms.length === 0)) return [];
    return [{ ...one, anyOf: [...one.anyOf, ...alike.flatMap(allOf)] }];
  });
}

/** Only days are sure to sort in SQL as they do here. */
function range(column: unknown, comparison: Comparison): Term[] {
  return term(column, comparison).filter(({ column }) => column === "day");
}

function term(reference: unknown, comparison: Comparison): Term[] {
  if (!isNode(reference) || reference.type !== "COLUMN_REF") return [];
  const names = list(reference.column_names).map((name) => text(name).toLowerCase());
  const column = partitionColumns.find((one) => one === names.at(-1));
  if (column === undefined || names.length > 2) return [];
  return [{ column, anyOf: [[comparison]], qualifier: names.length === 2 ? names[0] : undefined }];
}

/** The text of a text literal. */
function constant(node: unknown): string | undefined {
  if (!isNode(node) || node.type !== "VALUE_CONSTANT" || !isNode(node.value)) return undefined;
  const { value, type } = node.value;
  return isNode(type) && type.id === "VARCHAR" && typeof value === "string" ? value : undefined;
}

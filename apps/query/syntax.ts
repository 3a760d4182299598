/** A node of the syntax tree that DuckDB's `json_serialize_sql` writes. */
export type Node = Readonly<Record<string, unknown>>;

export function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function isEmptyList(value: unknown): boolean {
  return list(value).length === 0;
}

export function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** The text of a text literal. */
export function literalText(node: unknown): string | undefined {
  if (!isNode(node) || node.type !== "VALUE_CONSTANT" || !isNode(node.value)) return undefined;
  const { value, type } = node.value;
  return isNode(type) && type.id === "VARCHAR" && typeof value === "string" ? value : undefined;
}

/** Whether a statement, or a query within it, has an ORDER BY of its rows. */
export function isOrdered(tree: unknown): boolean {
  if (Array.isArray(tree)) return tree.some(isOrdered);
  if (!isNode(tree)) return false;
  const says = list(tree.modifiers).some((modifier) => isNode(modifier) && modifier.type === "ORDER_MODIFIER");
  return says || Object.values(tree).some(isOrdered);
}

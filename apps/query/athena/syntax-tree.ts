import { parseNetwork } from "../addresses";
import { InvalidQuery } from "../invalid-query";
import { isNode, list, type Node, text } from "../syntax";
import { fromJoda, fromMysql } from "./formats";

/**
 * What Athena writes and neither DuckDB nor a macro can take: macros cannot be given a constant for a format, a lambda, or a type.
 * A statement is changed in its syntax tree, which DuckDB reads and writes.
 */

/** What becomes of a call, by its arguments; undefined leaves it as it is. */
type Rule = (call: Node, args: readonly Node[]) => Node | undefined;

const rules: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ["date_parse", (call, args) => read(call, args, fromMysql)],
  ["parse_datetime", (call, args) => read(call, args, (format) => fromJoda(format, true))],
  [
    "format_datetime",
    (call, [moment, format]) =>
      moment && renamed(call, "strftime", moment, constant(fromJoda(textOf(format) ?? noFormat(call), false))),
  ],
  // DuckDB makes `json.field` of it: a macro of the name would be in the way.
  ["json_extract", (call, [json, ...path]) => json && renamed(call, "json_extract", valid(json), ...path)],
  // With options, which must be a constant, it is DuckDB's own.
  ["regexp_replace", (call, args) => (args.length > 3 ? { ...call, catalog: "system", schema: "main" } : undefined)],
  ["transform", (call, args) => renamed(call, "list_transform", ...args)],
  ["any_match", (call, args) => matches(call, args, "list_bool_or", "false")],
  ["all_match", (call, args) => matches(call, args, "list_bool_and", "true")],
  ["none_match", (call, args) => operator("NOT", text(call.alias), [matches(call, args, "list_bool_or", "false")])],
  ["contains", (call, [network, address]) => ofNetwork(call, network, address)],
  ["format", (call, args) => (/%[^{]*$/.test(textOf(args[0]) ?? "") ? renamed(call, "printf", ...args) : undefined)],
  // Macros of aggregates take no FILTER.
  ["approx_distinct", (call, [value]) => value && renamed(call, "approx_count_distinct", value)],
  ["approx_percentile", (call, [value, share]) => value && share && renamed(call, "approx_quantile", value, share)],
  ["map_agg", mapOfAll],
  ...["md5", "sha1", "sha256"].map((name): [string, Rule] => [name, digest]),
]);

/** Numbers of so many digits are not exact here, and `1.0` would lose its point: they go through as texts. */
const longNumber = /(?<=[^\\]":)-?(?:\d{16,}|\d+\.0)(?=[,}\]])/g;
const mark = "\u0001number ";

/**
 * A statement's tree, as `json_serialize_sql` writes it, in DuckDB's own syntax; undefined if it is that already.
 * @throws {InvalidQuery} for a format of times that is not known
 */
export function inDuckDbsSyntax(syntax: string): string | undefined {
  const tree: unknown = JSON.parse(syntax.replaceAll(longNumber, (digits) => JSON.stringify(mark + digits)));
  const other = translated(tree);
  if (other === tree) return undefined;
  return JSON.stringify(other).replaceAll(
    new RegExp(`"${JSON.stringify(mark).slice(1, -1).replaceAll("\\", "\\\\")}([-.\\d]+)"`, "g"),
    "$1",
  );
}

/** The tree as DuckDB understands it; the same object if nothing of it is Athena's alone. */
function translated(tree: unknown): unknown {
  if (Array.isArray(tree)) {
    const children: unknown[] = tree.map(translated);
    return children.some((child, index) => child !== tree[index]) ? children : tree;
  }
  if (!isNode(tree)) return tree;
  let node = tree;
  for (const [name, value] of Object.entries(tree)) {
    const child = translated(value);
    if (child !== value) node = { ...node, [name]: name === "select_list" ? named(list(child), list(value)) : child };
  }
  return otherOf(node) ?? node;
}

/** Columns without a name are called as the function that was written. */
function named(columns: readonly unknown[], written: readonly unknown[]): readonly unknown[] {
  return columns.map((column, index) => {
    const before = written[index];
    if (column === before || !isNode(column) || !isNode(before) || text(column.alias) !== "") return column;
    const of = isNode(before.child) ? before.child : before;
    return { ...column, alias: text(of.function_name) };
  });
}

function otherOf(node: Node): Node | undefined {
  if (node.type === "BASE_TABLE" && text(node.catalog_name).toLowerCase() === "awsdatacatalog")
    return { ...node, catalog_name: "" };
  if (node.class === "CAST") return ofCast(node);
  // `json -> '$.path'`
  if (node.class === "LAMBDA" && isNode(node.lhs) && isNode(node.expr) && /^[$/]/.test(textOf(node.expr) ?? ""))
    return callOf("json_extract", text(node.alias), [valid(node.lhs), node.expr]);
  if ((node.class !== "FUNCTION" && node.class !== "WINDOW") || text(node.schema) !== "") return undefined;
  return rules.get(text(node.function_name).toLowerCase())?.(node, list(node.children).filter(isNode));
}

function ofCast(cast: Node): Node | undefined {
  const { child, cast_type: type, alias } = cast;
  if (!isNode(child) || !isNode(type)) return undefined;
  const name = (isNode(type.type_info) ? text(type.type_info.name) : "").toUpperCase();
  if (name === "IPADDRESS") return callOf("ip_address", text(alias), [child]);
  if (name === "IPPREFIX") return callOf("ip_network", text(alias), [child]);
  // What is no JSON is NULL, as everywhere.
  if (name === "JSON" && child.class !== "CONSTANT") return { ...cast, try_cast: true };
  const isJson = child.class === "FUNCTION" && ["json_extract", "json_parse"].includes(text(child.function_name));
  // The text that JSON holds, without its quotes.
  if (type.id === "VARCHAR" && isJson) return callOf("json_extract_string", text(alias), [child, constant("$")]);
  const moment = textOf(child) ?? "";
  if (type.id === "TIMESTAMP" && /^\d.*:\d\d(?:\.\d+)? ?(?:[A-Za-z]+\/|[+-]\d)/.test(moment))
    return { ...cast, cast_type: { ...type, id: "TIMESTAMP WITH TIME ZONE" } };
  return undefined;
}

function read(call: Node, [value, format]: readonly Node[], asInC: (format: string) => string): Node | undefined {
  const inC = asInC(textOf(format) ?? noFormat(call));
  if (!value) return undefined;
  // Joda takes a Z for the offset of UTC.
  const offset = inC.endsWith("%z") ? callOf("regexp_replace", "", [value, constant("Z$"), constant("+0000")]) : value;
  return renamed(call, "strptime", offset, constant(inC));
}

function noFormat(call: Node): never {
  throw new InvalidQuery(`${text(call.function_name)} takes its format as a text in quotes here.`);
}

function matches(call: Node, args: readonly Node[], of: string, without: string): Node {
  const all = callOf(of, "", [callOf("list_transform", "", args)]);
  return operator("COALESCE", text(call.alias), [all, constant(without)]);
}

/** `contains('10.0.0.0/8', address)`, which of texts would be whether one is in the other. */
function ofNetwork(call: Node, network: Node | undefined, address: Node | undefined): Node | undefined {
  const written = textOf(network);
  const isNetwork = written?.includes("/") && parseNetwork(written) !== undefined;
  const isAddress = [network, address].some((one) => /^ip_/.test(text(one?.function_name)));
  return network && address && (isNetwork || isAddress) ? renamed(call, "ip_in", address, network) : undefined;
}

/** Athena's digests are bytes; DuckDB's are their hexadecimal digits. */
function digest(call: Node, args: readonly Node[]): Node | undefined {
  const isOfBytes = ["to_utf8", "from_base64", "from_hex"].includes(text(args[0]?.function_name));
  return isOfBytes ? renamed(call, "from_hex", callOf(text(call.function_name), "", args)) : undefined;
}

function mapOfAll(call: Node, [name, value]: readonly Node[]): Node | undefined {
  if (!name || !value) return undefined;
  const pair = callOf("struct_pack", "", [
    { ...name, alias: "k" },
    { ...value, alias: "v" },
  ]);
  return callOf("map_from_entries", text(call.alias), [renamed({ ...call, alias: "" }, "list", pair)]);
}

/** A JSON text, or NULL. */
const valid = (json: Node): Node => callOf("json_or_null", "", [json]);

const renamed = (call: Node, name: string, ...args: readonly Node[]): Node => ({
  ...call,
  alias: text(call.alias),
  function_name: name,
  children: args,
});

const operator = (name: string, alias: string, children: readonly Node[]): Node => ({
  ...{ class: "OPERATOR", type: `OPERATOR_${name}`, alias, children },
});

function callOf(name: string, alias: string, children: readonly Node[]): Node {
  return {
    ...{
      class: "FUNCTION",
      type: "FUNCTION",
      alias,
      function_name: name,
      schema: "",
      catalog: "",
      children,
      filter: null,
    },
    ...{ order_bys: { type: "ORDER_MODIFIER", orders: [] }, distinct: false, is_operator: false, export_state: false },
  };
}

function constant(value: string): Node {
  const type = { id: "VARCHAR", type_info: null };
  return { class: "CONSTANT", type: "VALUE_CONSTANT", alias: "", value: { type, is_null: false, value } };
}

/** A text that stands in the statement. */
function textOf(node: Node | undefined): string | undefined {
  if (!node) return undefined;
  if (node.class !== "CONSTANT" || !isNode(node.value)) return undefined;
  return typeof node.value.value === "string" ? node.value.value : undefined;
}

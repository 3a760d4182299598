import { literalsOfNetwork, parseNetwork } from "./addresses";
import { type Bound, dayOfTime, daysOfTimes } from "./event-times";
import { allOf, type Comparison, type Condition, containing, containingAny, partitionColumns } from "./selection";
import { isNode, list, literalText, type Node, text } from "./syntax";

/**
 * What a WHERE says about a column of the archive's partitions, as far as it compares it with literals (`=`, IN, and for days
 * and the times of events BETWEEN, <, <=, >, >=), and which literals messages contain. What is not understood says nothing.
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
    const ofTimes = timesIn(column, options);
    if (ofTimes) return ofTimes;
    const values = options.flatMap((option) => literalText(option) ?? []);
    return values.length === options.length ? term(column, { values }) : [];
  }
  if (where.type === "COMPARE_BETWEEN") {
    const ofTimes = [timeTerm(where.input, "from", where.lower), timeTerm(where.input, "to", where.upper)];
    if (ofTimes.some((terms) => terms.length > 0)) return ofTimes.flat();
    const [from, to] = [literalText(where.lower), literalText(where.upper)];
    return from === undefined || to === undefined ? [] : range(where.input, { from, to });
  }
  return where.class === "FUNCTION" ? containedIn(where) : comparison(where);
}

const bounds: Readonly<Record<string, readonly [bound: Bound, flipped: Bound]>> = {
  COMPARE_GREATERTHAN: ["after", "before"],
  COMPARE_GREATERTHANOREQUALTO: ["from", "to"],
  COMPARE_LESSTHAN: ["before", "after"],
  COMPARE_LESSTHANOREQUALTO: ["to", "from"],
};

function comparison({ type, left, right }: Node): Term[] {
  const [how, flippedHow] = type === "COMPARE_EQUAL" ? (["equal", "equal"] as const) : (bounds[text(type)] ?? []);
  const ofTimes = how && flippedHow ? [...timeTerm(left, how, right), ...timeTerm(right, flippedHow, left)] : [];
  if (ofTimes.length > 0) return ofTimes;
  const isFlipped = literalText(left) !== undefined;
  const value = literalText(isFlipped ? left : right);
  const column = isFlipped ? right : left;
  if (value === undefined) return isFound(text(type), left, right);
  if (type === "COMPARE_EQUAL") return term(column, { values: [value] });
  const [bound, flipped] = bounds[text(type)] ?? [];
  return bound && flipped ? range(column, { [isFlipped ? flipped : bound]: value }) : [];
}

/** Functions of a text and a part of it. */
const partFunctions = ["contains", "starts_with", "prefix", "^@", "ends_with", "suffix"];
const placeFunctions = ["strpos", "instr", "position"];

/** A condition that a function is: that a message contains a literal, or more. */
function containedIn({ function_name, children }: Node): Term[] {
  const name = text(function_name);
  const [subject, of, ...others] = list(children);
  if (others.length > 0) return [];
  if (partFunctions.includes(name)) return messageContainsText(subject, of);
  const pattern = literalText(of);
  if (pattern === undefined) return [];
  if (name === "ip_in") return messageHoldsAddress(subject, pattern);
  if (name === "~~") return messageContains(subject, pattern.split(/[%_]/), false);
  if (name === "~~*") return messageContains(subject, pattern.split(/[%_]/), true);
  // A regular expression in which every character stands for itself.
  if (["regexp_matches", "regexp_like"].includes(name) && /^[\w /:=,@"'-]*$/.test(pattern))
    return messageContains(subject, [pattern], false);
  return [];
}

/** `strpos(message, '...') > 0` and what says the same. */
function isFound(type: string, left: unknown, right: unknown): Term[] {
  const [place, than] = isNode(left) && left.class === "FUNCTION" ? [left, right] : [right, left];
  if (!isNode(place) || !placeFunctions.includes(text(place.function_name))) return [];
  const number = isNode(than) && than.type === "VALUE_CONSTANT" && isNode(than.value) ? than.value.value : undefined;
  const isPositive =
    place === left
      ? (type === "COMPARE_GREATERTHAN" && number === 0) || (type === "COMPARE_GREATERTHANOREQUALTO" && number === 1)
      : (type === "COMPARE_LESSTHAN" && number === 0) || (type === "COMPARE_LESSTHANOREQUALTO" && number === 1);
  if (!isPositive && !(type === "COMPARE_NOTEQUAL" && number === 0)) return [];
  const [subject, of, ...others] = list(place.children);
  return others.length > 0 ? [] : messageContainsText(subject, of);
}

/** @param subject `message` or `lower(message)` */
function messageContains(subject: unknown, parts: readonly string[], inAnyCase: boolean): Term[] {
  const lowered = lowerOf(subject);
  const ignoreCase = inAnyCase || lowered !== undefined;
  return ofMessage(
    lowered ?? subject,
    parts.filter((part) => part !== "").map((part) => containing({ text: part, ignoreCase })),
  );
}

/** `ip_in(message, '...')` */
function messageHoldsAddress(subject: unknown, address: string): Term[] {
  const network = parseNetwork(address);
  return network ? ofMessage(subject, containingAny(literalsOfNetwork(network))) : [];
}

/** Conditions, if they are about the column `message`. */
function ofMessage(column: unknown, conditions: readonly Condition[]): Term[] {
  const names = list(isNode(column) ? column.column_names : undefined).map((name) => text(name).toLowerCase());
  if (names.at(-1) !== "message" || names.length > 2) return [];
  const qualifier = names.length === 2 ? names[0] : undefined;
  return conditions.map((condition) => ({ ...condition, qualifier }));
}

/** `'...'` or `lower('...')` */
function messageContainsText(subject: unknown, of: unknown): Term[] {
  const lowered = lowerOf(of);
  return messageContains(subject, [literalText(lowered ?? of) ?? ""], lowered !== undefined);
}

/** What `lower` is of. */
function lowerOf(node: unknown): Node | undefined {
  if (!isNode(node) || node.class !== "FUNCTION" || !["lower", "lcase"].includes(text(node.function_name)))
    return undefined;
  const [of] = list(node.children);
  return isNode(of) ? of : undefined;
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

/** What a comparison of an event's time with a literal says of its day. */
function timeTerm(subject: unknown, how: Bound | "equal", of: unknown): Term[] {
  const time = dayOfTime(subject);
  const days = time && daysOfTimes(time.isDay, how, of);
  return days ? [{ column: "ts", anyOf: [[days]], qualifier: time.qualifier }] : [];
}

function timesIn(subject: unknown, options: readonly unknown[]): Term[] | undefined {
  const terms = options.flatMap((option) => timeTerm(subject, "equal", option));
  const [first] = terms;
  return first && terms.length === options.length
    ? [{ ...first, anyOf: terms.flatMap(({ anyOf }) => anyOf) }]
    : undefined;
}

const comparedColumns = [...partitionColumns, "account_name"] as const;

function term(reference: unknown, comparison: Comparison): Term[] {
  if (!isNode(reference) || reference.type !== "COLUMN_REF") return [];
  const names = list(reference.column_names).map((name) => text(name).toLowerCase());
  const column = comparedColumns.find((one) => one === names.at(-1));
  if (column === undefined || names.length > 2) return [];
  return [{ column, anyOf: [[comparison]], qualifier: names.length === 2 ? names[0] : undefined }];
}

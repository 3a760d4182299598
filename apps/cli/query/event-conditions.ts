import { literalsOfNetwork } from "../../query/addresses";
import type { Literal } from "../../query/literals";
import { type Condition, containing, containingAny } from "../../query/selection";
import type { IpNetwork } from "./ip-network";
import { isDay, type Moment } from "./moment";

/** What events have to hold, all of it. */
export interface Sought {
  /** Texts, in any case of letters. */
  readonly texts?: readonly string[];
  /** Words, or rows of words, that are not a part of longer ones; in any case of letters. */
  readonly words?: readonly string[];
  readonly networks?: readonly IpNetwork[];
  readonly from?: Moment | undefined;
  readonly to?: Moment | undefined;
}

/** A condition on events. */
export interface EventConditions {
  /** Of SQL, over the columns of `events`. */
  readonly sql: string;
  /** Those of `$1`, `$2` ... in it. */
  readonly values: readonly (string | bigint)[];
  /** What can be looked for before anything is an event. */
  readonly sought: readonly Condition[];
}

/** Before and after a word there is no letter, no digit and no underscore. */
const wordBefore = "(?:^|[^\\pL\\pN_])";
const wordAfter = "(?:$|[^\\pL\\pN_])";

/** Days alone choose no events: they are the archive's, and say what to read. */
export function eventConditions({ texts = [], words = [], networks = [], from, to }: Sought): EventConditions {
  const values: (string | bigint)[] = [];
  const conditions: string[] = [];
  const where = (condition: (value: string) => string, value: string | bigint) => {
    values.push(value);
    conditions.push(condition(`$${values.length}`));
  };
  if (hasMoments({ from, to })) {
    if (from) where((value) => `ts >= make_timestamp(${value}::BIGINT)`, BigInt(from.start) * 1000n);
    if (to) where((value) => `ts < make_timestamp(${value}::BIGINT)`, BigInt(to.end) * 1000n);
  }
  for (const text of texts) conditions.push(holds({ text, ignoreCase: true }, values));
  for (const word of words)
    where(
      (value) =>
        `regexp_matches(lower(message), concat('${wordBefore}', regexp_escape(lower(${value}::VARCHAR)), '${wordAfter}'))`,
      word,
    );
  for (const { text, network } of networks) {
    const ways = literalsOfNetwork(network).map((all) => all.map((literal) => holds(literal, values)).join(" AND "));
    // DuckDB looks for texts many times as fast as a function of this process looks for addresses.
    const can = ways.length > 0 ? ways.join(" OR ") : "true";
    where((value) => `CASE WHEN ${can} THEN ip_in(message, ${value}::VARCHAR) ELSE false END`, text);
  }
  return {
    sql: conditions.length > 0 ? conditions.join(" AND ") : "true",
    values,
    sought: [
      ...[...texts, ...words].map((text) => containing({ text, ignoreCase: true })),
      ...networks.flatMap(({ network }) => containingAny(literalsOfNetwork(network))),
    ],
  };
}

/** Adds the text to the values of the condition. */
function holds({ text, ignoreCase }: Literal, values: (string | bigint)[]): string {
  values.push(text);
  const value = `$${values.length}::VARCHAR`;
  return ignoreCase ? `contains(lower(message), lower(${value}))` : `contains(message, ${value})`;
}

/** Whether events are chosen by their time and not only by the archive's days. */
export function hasMoments({ from, to }: Pick<Sought, "from" | "to">): boolean {
  return (from !== undefined && !isDay(from)) || (to !== undefined && !isDay(to));
}

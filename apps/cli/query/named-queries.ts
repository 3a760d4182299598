import {
  bytesPerMonth,
  failedAndSkipped,
  gaps,
  logGroupEvents,
  neverArchived,
  wordOnDay,
} from "../../../handlers/archive/sql/questions";
import { UsageError } from "../errors";
import type { Filter } from "./filter";
import { isDay, type Moment } from "./moment";

/** A question that auditors start from: the same, under the same name, as among Athena's saved queries. */
export interface NamedQuery {
  readonly id: string;
  readonly name: string;
  /** The options that say what about. */
  readonly options: string;
  /** The archive's lacks are the answer, and no lack of it. */
  readonly tellsWhatIsMissing: boolean;
  sql(filter: Filter): string;
}

const hourMs = 3_600_000;
const days = "--from DAY --to DAY";

export const namedQueries: readonly NamedQuery[] = [
  {
    id: "hour",
    name: "What one log group wrote in an hour",
    options: "--account ID|NAME --log-group NAME --from TIME [--to TIME]",
    tellsWhatIsMissing: false,
    sql: (filter) => {
      const from = needed("from", filter.from).start;
      const to = filter.to?.end ?? from + hourMs;
      return logGroupEvents({ account: oneAccount(filter), logGroup: needed("log-group", filter.logGroup), from, to });
    },
  },
  {
    id: "word",
    name: "A word across the organisation on a day",
    options: "--grep WORD --from DAY",
    tellsWhatIsMissing: false,
    sql: (filter) => wordOnDay({ word: needed("grep", filter.grep), day: oneDay(filter) }),
  },
  {
    id: "word-in-accounts",
    name: "A word in some accounts on a day",
    options: "--grep WORD --from DAY --account ID|NAME (repeatable)",
    tellsWhatIsMissing: false,
    sql: (filter) => {
      oneAccount({ ...filter, account: filter.account.slice(0, 1) });
      return wordOnDay({ word: needed("grep", filter.grep), day: oneDay(filter), accounts: filter.account });
    },
  },
  {
    id: "never-archived",
    name: "Who was never archived",
    options: days,
    tellsWhatIsMissing: true,
    sql: (filter) => neverArchived(span(filter)),
  },
  {
    id: "bytes-per-month",
    name: "Bytes per account and month",
    options: days,
    tellsWhatIsMissing: false,
    sql: (filter) => bytesPerMonth(span(filter)),
  },
  { id: "gaps", name: "Gaps", options: days, tellsWhatIsMissing: true, sql: (filter) => gaps(span(filter)) },
  {
    id: "failed-and-skipped",
    name: "Failed and skipped, with reasons",
    options: days,
    tellsWhatIsMissing: true,
    sql: (filter) => failedAndSkipped(span(filter)),
  },
];

/** @throws {UsageError} when there is none of this name. */
export function namedQuery(name: string): NamedQuery {
  const found = namedQueries.find((query) => query.id === name || query.name.toLowerCase() === name.toLowerCase());
  if (found) return found;
  const ids = namedQueries.map(({ id }) => id).join(", ");
  throw new UsageError(`There is no query named ${name}. There are: ${ids}.`);
}

function needed<T>(option: string, value: T | undefined): T {
  if (value === undefined) throw new UsageError(`This query needs --${option}. query --list says what each needs.`);
  return value;
}

function oneAccount({ account }: Filter): string {
  const [first, second] = account;
  if (second !== undefined) throw new UsageError(`This query is about one account, not ${account.join(", ")}.`);
  return needed("account", first);
}

function oneDay({ from, to }: Filter): string {
  const day = asDay("from", needed("from", from));
  if (to && asDay("to", to) !== day)
    throw new UsageError(`This query is about one day: leave out --to ${to.text}, or use --grep without --named.`);
  return day;
}

/** The archive's days from and to; without an option, from the first or to the last. */
function span({ from, to }: Filter): { readonly from: string; readonly to: string } {
  return { from: from ? asDay("from", from) : "0001-01-01", to: to ? asDay("to", to) : "9999-12-31" };
}

function asDay(option: string, moment: Moment): string {
  if (isDay(moment)) return moment.text;
  throw new UsageError(`--${option} ${moment.text} is a time. This query is about days: ${moment.text.slice(0, 10)}.`);
}

import type { Days } from "./gaps";
import {
  bytesPerMonth,
  failedAndSkipped,
  gaps,
  logGroupEvents,
  neverArchived,
  unseenObjects,
  windowEnds,
  wordInAccounts,
  wordStatements,
} from "./questions";

/** A question that waits in Athena's list of saved queries, over values that the auditor replaces. */
export interface NamedQuery {
  readonly name: string;
  /** What it answers, and what to replace in it. */
  readonly description: string;
  readonly sql: string;
}

/** The saved queries, with an account of the organisation as the example. */
export function namedQueries(account: string): NamedQuery[] {
  const day = "2026-01-31";
  const days: Days = { from: "2026-01-01", to: "2026-01-31" };
  const from = Date.UTC(2026, 0, 31, 13);
  const word = "error";
  return [
    {
      name: "What one log group wrote in an hour",
      description:
        "Replace account, log group, days and times (UTC). Further lines of an event have no time: ask for its log stream.",
      sql: logGroupEvents({ account, logGroup: "/example/log-group", from, to: from + 3_600_000 }),
    },
    {
      name: "A word across the organisation on a day",
      description: "Replace the day, twice, and the word. Writes the statements that find it: run each of its rows.",
      sql: wordStatements({ word, day }),
    },
    {
      name: "A word in some accounts on a day",
      description: "Replace word, day and accounts, of which there may be 1,000.",
      sql: wordInAccounts({ word, day, accounts: [account] }),
    },
    {
      name: "Who was never archived",
      description: "Replace the days. Accounts of which nothing was exported or found empty, with the latest reason.",
      sql: neverArchived(days),
    },
    {
      name: "Bytes per account and month",
      description: "Replace the days. Bytes as stored, which is what a query over them scans.",
      sql: bytesPerMonth(days),
    },
    {
      name: "Gaps",
      description:
        "Replace the days; those before and after what you ask for must be among them to show what is silent.",
      sql: gaps(days),
    },
    {
      name: "Failed and skipped, with reasons",
      description: "Replace the days.",
      sql: failedAndSkipped(days),
    },
    {
      name: "Events at the end of a day",
      description:
        "Replace account and day, and the day after it. What the view events leaves to the next day, and whether it is there.",
      sql: windowEnds({ account, day }),
    },
    {
      name: "Objects that queries do not see",
      description:
        "Replace account and day, twice. Log streams whose names begin with _ or . are archived and not read by Athena.",
      sql: unseenObjects({ account, day }),
    },
  ];
}

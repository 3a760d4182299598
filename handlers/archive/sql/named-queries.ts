import type { Days } from "./gaps";
import {
  addressSeen,
  bytesPerMonth,
  eventsPerLogGroup,
  failedAndSkipped,
  gaps,
  logGroupEvents,
  neverArchived,
  notSealed,
  principalActed,
  wordOnDay,
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
  const oneDay: Days = { from: day, to: day };
  const from = Date.UTC(2026, 0, 31, 13);
  const word = "error";
  return [
    {
      name: "What one log group wrote in an hour",
      description: "Replace account, log group, days and times (UTC).",
      sql: logGroupEvents({ account, logGroup: "/example/log-group", from, to: from + 3_600_000 }),
    },
    {
      name: "A word across the organisation on a day",
      description: "Replace the day and the word. Every event of the day is read.",
      sql: wordOnDay({ word, day }),
    },
    {
      name: "A word in some accounts on a day",
      description: "Replace word, day and accounts. Other accounts are not read.",
      sql: wordOnDay({ word, day, accounts: [account] }),
    },
    {
      name: "Where an IP address was seen",
      description: "Replace days and address, which stands there twice: as it is, and with its points escaped.",
      sql: addressSeen({ address: "198.51.100.19", days: oneDay }),
    },
    {
      name: "What a principal did",
      description: "Replace days and principal, which stands there twice. Needs CloudTrail in CloudWatch Logs.",
      sql: principalActed({ principal: `:sts::${account}:assumed-role/Admin/someone`, days: oneDay }),
    },
    {
      name: "Events and text per log group",
      description: "Replace the days. Who wrote most, first.",
      sql: eventsPerLogGroup(oneDay),
    },
    {
      name: "Who was never archived",
      description: "Replace the days. Accounts of which nothing was exported or found empty, with the latest reason.",
      sql: neverArchived(days),
    },
    {
      name: "Bytes per account and month",
      description: "Replace the days. Bytes as stored, of the evidence.",
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
      name: "Archived and not sealed yet",
      description: "Replace the days, twice. What the view events lacks until a run has sealed it.",
      sql: notSealed(days),
    },
  ];
}

import { type Column, type ViewName, viewColumns } from "./columns";
import { eventsSql } from "./events";
import { gapsSql } from "./gaps";
import { coverageSql, latestCoverageSql, receiptsSql } from "./record-views";

/** A view of the audit database. */
export interface View {
  readonly name: ViewName;
  /** What an auditor finds in it. */
  readonly description: string;
  readonly columns: readonly Column[];
  readonly sql: string;
}

/** Every view, each after those that it reads. */
export const views: readonly View[] = [
  view("receipts", "What is committed to the archive: a row per export task of every standing receipt", receiptsSql),
  view("coverage", "What runs wrote about every item and account", coverageSql),
  view("coverage_latest", "The line that stands of every item and account", latestCoverageSql),
  view("gaps", "What is known to exist and is neither receipted nor settled", gapsSql()),
  view("events", "The archived events, whole, each once, as soon as their day is sealed", eventsSql),
];

function view(name: ViewName, description: string, sql: string): View {
  return { name, description, columns: viewColumns[name], sql };
}

import { type ReasonCode, reasonCode } from "../../../handlers/contract/reasons";
import { count } from "../../terminal/amounts";
import { exitCodeOf, exitCodes } from "../exit-codes";
import type { Cell, CellItem, CellState, CoverageCalendar } from "./calendar";

/** What a calendar comes to. */
export interface CoverageVerdict {
  readonly verdict: "complete" | "incomplete" | "altered";
  /** One or two sentences. */
  readonly text: string;
  /** Account days, each the day of an account in a Region. */
  readonly counts: Readonly<Record<Exclude<CellState, "none">, number>>;
  readonly exitCode: number;
}

/**
 * A known exception is shown, and is no failure.
 * @param damaged records that cannot be read, besides those that the calendar knows
 */
export function verdictOf(
  { cells, logGroup }: Pick<CoverageCalendar, "cells" | "logGroup">,
  damaged = 0,
): CoverageVerdict {
  const counts = { complete: 0, partial: 0, missing: 0, skipped: 0 };
  for (const { state } of cells) if (state !== "none") counts[state] += 1;
  const { failures, failing, unread, known } = failuresOf(cells, logGroup !== undefined);
  const exitCode = damaged > 0 ? exitCodes.altered : exitCodeOf(failures);
  const due = counts.complete + counts.partial + counts.missing - unread;
  const lost = counts.partial + counts.missing - failing - unread - known;
  const days = (number: number, isMore: boolean) => `${count(number, "account day")}${isMore ? " more" : ""}`;
  const asKnown = known > 0 ? ` On ${days(known, failing > 0)} what failed is a known exception.` : "";
  const gone = lost > 0 ? ` On ${days(lost, failing > 0)} a part is gone for good.` : "";
  const leftOut = counts.skipped > 0 ? ` ${days(counts.skipped, true)}: left out on purpose.` : "";
  const rest = `${asKnown}${gone}${leftOut}`;
  const common = { counts, exitCode };
  const ofIt = logGroup === undefined ? "" : " of this log group";
  if (exitCode === exitCodes.altered)
    return { ...common, verdict: "altered", text: "Altered or unreadable: records are damaged or gone." };
  if (exitCode === exitCodes.incomplete) {
    const open =
      failing > 0 || unread === 0
        ? ` ${failing.toLocaleString("en")} of ${days(due, false)}${ofIt} are not archived in full, and still can be.`
        : "";
    const mayBe = unread > 0 ? ` ${days(unread, failing > 0)}: no run could read the account, which may have it.` : "";
    return { ...common, verdict: "incomplete", text: `Incomplete:${open}${mayBe}${rest}` };
  }
  const limit = `${lost > 0 ? ", as far as it can be" : ""}${known > 0 ? ", but for known exceptions" : ""}.`;
  return { ...common, verdict: "complete", text: `Complete: ${days(due, false)}${ofIt}${limit}${rest}` };
}

/**
 * What failed, known exceptions apart, and on how many account days: those where something failed, those of accounts that failed as
 * a whole, of which none knows whether they have the log group that is asked about, and those where all that failed is known.
 */
function failuresOf(cells: readonly Cell[], isLogGroupAsked: boolean) {
  const failures: CellItem[] = [];
  const found = { failing: 0, unread: 0, known: 0 };
  for (const { items } of cells) {
    const failed = items.filter(({ outcome }) => outcome === "failed");
    const open = failed.filter((item) => item.knownUntil === undefined);
    failures.push(...open);
    if (open.length === 0) found.known += failed.length > 0 ? 1 : 0;
    else if (isLogGroupAsked && open.every((item) => item.logGroup === null)) found.unread += 1;
    else found.failing += 1;
  }
  return { failures, ...found };
}

/** The calendar of what is so for one reason alone. */
export function ofReason({ cells, ...rest }: CoverageCalendar, reason: ReasonCode): CoverageCalendar {
  const only = cells.map((cell) => ({
    ...cell,
    items: cell.items.filter((item) => reasonCode(item.reason) === reason),
  }));
  return { ...rest, cells: only };
}

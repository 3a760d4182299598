import { type ReasonCode, reasonCode } from "../../../handlers/contract/reasons";
import { count } from "../../terminal/amounts";
import { exitCodeOf, exitCodes } from "../exit-codes";
import type { CellState, CoverageCalendar } from "./calendar";

/** What a calendar comes to. */
export interface CoverageVerdict {
  readonly verdict: "complete" | "incomplete" | "altered";
  /** One or two sentences. */
  readonly text: string;
  /** Account days, each the day of an account in a Region. */
  readonly counts: Readonly<Record<Exclude<CellState, "none">, number>>;
  readonly exitCode: number;
}

/** @param damaged records that cannot be read, besides those that the calendar knows */
export function verdictOf({ cells }: Pick<CoverageCalendar, "cells">, damaged = 0): CoverageVerdict {
  const counts = { complete: 0, partial: 0, missing: 0, skipped: 0 };
  for (const { state } of cells) if (state !== "none") counts[state] += 1;
  const failures = cells.flatMap(({ items }) => items.filter(({ outcome }) => outcome === "failed"));
  const failing = cells.filter(({ items }) => items.some(({ outcome }) => outcome === "failed")).length;
  const exitCode = damaged > 0 ? exitCodes.altered : exitCodeOf(failures);
  const due = counts.complete + counts.partial + counts.missing;
  const lost = counts.partial + counts.missing - failing;
  const gone =
    lost > 0 ? ` On ${count(lost, "account day")}${failing > 0 ? " more" : ""} a part is gone for good.` : "";
  const leftOut = counts.skipped > 0 ? ` ${count(counts.skipped, "account day")} more: left out on purpose.` : "";
  const common = { counts, exitCode };
  if (exitCode === exitCodes.altered)
    return { ...common, verdict: "altered", text: "Altered or unreadable: records are damaged or gone." };
  if (exitCode === exitCodes.incomplete)
    return {
      ...common,
      verdict: "incomplete",
      text: `Incomplete: ${failing.toLocaleString("en")} of ${count(due, "account day")} are not archived in full, and still can be.${gone}${leftOut}`,
    };
  return {
    ...common,
    verdict: "complete",
    text: `Complete: ${count(due, "account day")}${lost > 0 ? ", as far as it can be." : "."}${gone}${leftOut}`,
  };
}

/** The calendar of what is so for one reason alone. */
export function ofReason({ cells, ...rest }: CoverageCalendar, reason: ReasonCode): CoverageCalendar {
  const only = cells.map((cell) => ({
    ...cell,
    items: cell.items.filter((item) => reasonCode(item.reason) === reason),
  }));
  return { ...rest, cells: only };
}

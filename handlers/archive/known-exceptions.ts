import type { KnownException } from "../contract/settings";
import type { CoverageLine } from "./records";

/** What `explained` puts at the end of a reason. */
const knownText = /[:;] known until (\d{4}-\d{2}-\d{2}): /g;

/**
 * The last day on which a failure is known to, as the line that a run wrote says; undefined where it is not, or not any more.
 * @param on the day that decides, YYYY-MM-DD
 */
export function knownUntil({ outcome, reason = "" }: Pick<CoverageLine, "outcome" | "reason">, on: string) {
  // What comes before it may be a message from outside.
  const until = outcome === "failed" ? [...reason.matchAll(knownText)].at(-1)?.[1] : undefined;
  return until !== undefined && until >= on ? until : undefined;
}

/**
 * What the configuration knows to fail, and for how long. It fails all the same: the line of coverage says so, and why it is known,
 * but no run is red for it.
 */
export class KnownExceptions {
  private readonly until: string;

  /** @param run whose beginning decides, so that a step that is run again after midnight decides the same. */
  constructor(
    private readonly exceptions: readonly KnownException[],
    run: { readonly startedAt: string },
  ) {
    this.until = run.startedAt.slice(0, 10);
  }

  /** The index of the exception that a line is known by; of several the first. */
  of({ outcome, account, logGroup }: CoverageLine): number | undefined {
    if (outcome !== "failed") return undefined;
    const index = this.exceptions.findIndex(
      (one) =>
        !this.isOver(one) &&
        (one.account === undefined || one.account === account) &&
        (one.logGroup === undefined || one.logGroup === logGroup),
    );
    return index < 0 ? undefined : index;
  }

  /** A line with what is known of it in its reason. */
  explained(line: CoverageLine): CoverageLine {
    const exception = this.exceptions[this.of(line) ?? -1];
    if (!exception) return line;
    const { reason = "" } = line;
    // The code ends at the first colon.
    const separator = reason.includes(":") ? ";" : ":";
    return { ...line, reason: `${reason}${separator} known until ${exception.until}: ${exception.reason}` };
  }

  isOver({ until }: KnownException): boolean {
    return until < this.until;
  }
}

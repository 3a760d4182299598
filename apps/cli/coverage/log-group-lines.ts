import type { CoverageLine } from "../../../handlers/archive/records";

/**
 * Leaves, of what coverage says, what is about one log group: its own lines, and those of its account as a whole. Which accounts
 * have the log group is known only in the end.
 */
export class LogGroupLines {
  private readonly names = new Set<string>();
  /** Accounts in a Region of which a line is the log group's own. */
  private readonly having = new Set<string>();
  /** Accounts in a Region of which something else than a failure as a whole is known. */
  private readonly read = new Set<string>();

  constructor(private readonly logGroup: string) {}

  /** The log groups that were seen. */
  get seen(): ReadonlySet<string> {
    return this.names;
  }

  of(lines: readonly CoverageLine[]): CoverageLine[] {
    const own = new Set<string>();
    for (const line of lines) {
      if (line.logGroup !== null) this.names.add(line.logGroup);
      if (line.logGroup === this.logGroup) own.add(placeOf(line));
      if (line.logGroup !== null || line.outcome !== "failed") this.read.add(placeOf(line));
    }
    for (const place of own) this.having.add(place);
    // What is known of the log group itself is more than what is known of its account.
    return lines.filter(
      (line) => line.logGroup === this.logGroup || (line.logGroup === null && !own.has(placeOf(line))),
    );
  }

  /** Whether an account has the log group in a Region; where it could never be read, it may. */
  mayHave(place: { readonly account: string; readonly region: string }): boolean {
    return this.having.has(placeOf(place)) || !this.read.has(placeOf(place));
  }

  /** Whether the log group was seen anywhere. */
  get isKnown(): boolean {
    return this.having.size > 0;
  }
}

function placeOf({ account, region }: { readonly account: string; readonly region: string }): string {
  return `${account} ${region}`;
}

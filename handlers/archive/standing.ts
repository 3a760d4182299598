import { parseReceiptKey } from "./layout";
import type { CoverageLine } from "./records";

/**
 * Which of several records stands. The audit views say the same in SQL (`latestCoverageSql`, `receiptsSql`), and a test holds
 * the two to the same order.
 */

/** Of every item's receipts the one with the highest `n`; what is no receipt's key is left out. */
export function standingReceipts<T>(receipts: Iterable<T>, keyOf: (receipt: T) => string): T[] {
  const highest = new Map<string, { readonly receipt: T; readonly n: number }>();
  for (const receipt of receipts) {
    const key = parseReceiptKey(keyOf(receipt));
    if (!key) continue;
    const item = `${key.day} ${key.account} ${key.logGroupHash}`;
    if (key.n > (highest.get(item)?.n ?? 0)) highest.set(item, { receipt, n: key.n });
  }
  return [...highest.values()].map(({ receipt }) => receipt);
}

/**
 * Orders the coverage lines of one item, or of one account as a whole, so that the greatest stands:
 * 1. A line that was made from a receipt is newer knowledge than any other, whatever the clocks of two runs say. So is, of an
 *    account as a whole, the line that says that the account has been read.
 * 2. The later `at` stands.
 * 3. Ties go by run id, a failure before anything else, outcome, and reason: never by the order of reading.
 */
export function compareStanding(a: CoverageLine, b: CoverageLine): number {
  return (
    Number(isCommitted(a)) - Number(isCommitted(b)) ||
    compare(a.at, b.at) ||
    compare(a.runId, b.runId) ||
    Number(a.outcome === "failed") - Number(b.outcome === "failed") ||
    compare(a.outcome, b.outcome) ||
    compare(a.reason ?? "", b.reason ?? "")
  );
}

function isCommitted({ logGroup, outcome, taskIds }: CoverageLine): boolean {
  return taskIds !== undefined || (logGroup === null && outcome === "exported");
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Collects coverage lines and keeps, by item, the one that stands. */
export class StandingLines {
  private readonly standing = new Map<string, CoverageLine>();

  add(line: CoverageLine): void {
    const id = itemId(line);
    const known = this.standing.get(id);
    if (!known || compareStanding(known, line) < 0) this.standing.set(id, line);
  }

  get(item: Pick<CoverageLine, "account" | "day" | "logGroup">): CoverageLine | undefined {
    return this.standing.get(itemId(item));
  }

  values(): IterableIterator<CoverageLine> {
    return this.standing.values();
  }
}

function itemId({ account, day, logGroup }: Pick<CoverageLine, "account" | "day" | "logGroup">): string {
  return `${day} ${account} ${logGroup ?? ""}`;
}

import { coverageOf, lineOf, settledLine } from "../archive/coverage";
import { type Item, itemAt, itemCount } from "../archive/items";
import { readReceipt } from "../archive/receipts";
import type { CoverageLine, Plan } from "../archive/records";
import { expiresAt } from "../archive/retention";
import type { ArchiveStore } from "../archive/store";
import { LogGroupDenied, LogGroupNotFound, LogGroupRefused } from "../clients/faults";
import type { Activity, Logs } from "../clients/logs";
import type { Clock } from "../clock";

/** Events may arrive 14 days late. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html */
const latestArrivalMs = 14 * 86_400_000;

export interface InspectionPorts {
  readonly archive: ArchiveStore;
  readonly logs: Logs;
  readonly clock: Clock;
}

/**
 * Goes through the plan one item at a time, ahead of the exports, and finds the next one that needs an export task. What is
 * settled without one goes to `onSettled`.
 */
export class Inspection {
  private found: Item | undefined;
  private readonly activities = new Map<string, Activity>();

  constructor(
    private readonly plan: Plan,
    private next: number,
    private readonly ports: InspectionPorts,
    private readonly onSettled: (line: CoverageLine) => void,
  ) {}

  /** Index of the first item that has not been handed out or settled. */
  get position(): number {
    return this.found?.index ?? this.next;
  }

  /** Whether `take` can answer without looking further. */
  get isReady(): boolean {
    return this.found !== undefined || this.next >= itemCount(this.plan);
  }

  /** Looks at one more item. */
  async advance(): Promise<void> {
    if (this.isReady) return;
    const item = itemAt(this.plan, this.next);
    const settled = await this.inspect(item);
    this.next += 1;
    if (settled) this.onSettled(settled);
    else this.found = item;
  }

  /** The next item to export, or undefined at the plan's end. */
  async take(): Promise<Item | undefined> {
    while (!this.isReady) await this.advance();
    const item = this.found;
    this.found = undefined;
    return item;
  }

  /** Makes an item that was taken the next one again. */
  putBack(item: Item): void {
    this.found = item;
    this.next = item.index + 1;
  }

  private async inspect(item: Item): Promise<CoverageLine | undefined> {
    const { archive, clock } = this.ports;
    const committed = await readReceipt(this.plan.account, item, archive);
    if (committed) return coverageOf(committed.receipt, item.group, lineOf(this.plan, clock));
    // Whether it was exported in time, only the account's tasks tell.
    if (expiresAt(item.day, item.group) <= clock.now()) return undefined;
    try {
      const { newest, isCertain } = await this.activity(item.group.name);
      const isOld = isCertain && newest < item.day.from - latestArrivalMs;
      return isOld ? settledLine(this.plan, item, "empty", "no-recent-events", clock) : undefined;
    } catch (error) {
      // As with what has expired: it may have been exported before.
      if (error instanceof LogGroupNotFound) return undefined;
      if (error instanceof LogGroupDenied)
        return settledLine(this.plan, item, "failed", "access-denied", clock, error.message);
      if (error instanceof LogGroupRefused)
        return settledLine(this.plan, item, "failed", "service-error", clock, error.message);
      throw error;
    }
  }

  private async activity(logGroup: string): Promise<Activity> {
    const known = this.activities.get(logGroup) ?? (await this.ports.logs.activity(logGroup));
    this.activities.set(logGroup, known);
    return known;
  }
}

import { coverageOf, lineOf, settledLine } from "../archive/coverage";
import { type Item, itemAt, itemCount } from "../archive/items";
import { exportTime, readReceipt } from "../archive/receipts";
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

/** An item that needs an export task. */
export interface Candidate {
  readonly item: Item;
  /** Whether its log group has been written to since the day began, as far as is known. */
  readonly isRecent: boolean;
  /** How long the log group's export tasks took for the day before, in milliseconds; null if that is not known. */
  readonly dayBeforeMs: number | null;
}

/**
 * Goes through the plan one item at a time, ahead of the exports, and finds the next one that needs an export task. What is
 * settled without one goes to `onSettled`.
 */
export class Inspection {
  private found: Candidate | undefined;
  private readonly activities = new Map<string, Activity>();

  constructor(
    private readonly plan: Plan,
    private next: number,
    private readonly ports: InspectionPorts,
    private readonly onSettled: (line: CoverageLine) => void,
  ) {}

  /** Index of the first item that has not been handed out or settled. */
  get position(): number {
    return this.found?.item.index ?? this.next;
  }

  /** Whether there is a candidate, or none will come. */
  get isReady(): boolean {
    return this.found !== undefined || this.next >= itemCount(this.plan);
  }

  /** Looks at one more item. */
  async advance(): Promise<void> {
    if (this.isReady) return;
    const item = itemAt(this.plan, this.next);
    const found = await this.inspect(item);
    this.next += 1;
    if ("outcome" in found) this.onSettled(found);
    else this.found = found;
  }

  /** The next item to export, once it is ready; undefined at the plan's end. */
  take(): Candidate | undefined {
    const taken = this.found;
    this.found = undefined;
    return taken;
  }

  /** Goes to the plan's end: nothing that is left is to be looked at. */
  skipRest(): void {
    this.found = undefined;
    this.next = itemCount(this.plan);
  }

  private async inspect(item: Item): Promise<CoverageLine | Candidate> {
    const { archive, clock } = this.ports;
    const committed = await readReceipt(this.plan.account, item, archive);
    if (committed) return coverageOf(committed.receipt, item.group, lineOf(this.plan, clock));
    // What streams say of events that are being deleted is of no use.
    if (expiresAt(item.day, item.group) <= clock.now()) return this.candidate(item, true);
    try {
      const { newest, isCertain } = await this.activity(item.group.name);
      if (isCertain && newest < item.day.from - latestArrivalMs)
        return settledLine(this.plan, item, "empty", "no-recent-events", clock);
      return await this.candidate(item, !isCertain || newest >= item.day.from);
    } catch (error) {
      // It may have been exported before it was deleted: the exports decide.
      if (error instanceof LogGroupNotFound) return this.candidate(item, true);
      if (error instanceof LogGroupDenied)
        return settledLine(this.plan, item, "failed", "access-denied", clock, error.message);
      if (error instanceof LogGroupRefused)
        return settledLine(this.plan, item, "failed", "service-error", clock, error.message);
      throw error;
    }
  }

  private async candidate(item: Item, isRecent: boolean): Promise<Candidate> {
    return { item, isRecent, dayBeforeMs: await exportTime(this.plan.account, item, this.ports.archive) };
  }

  private async activity(logGroup: string): Promise<Activity> {
    const known = this.activities.get(logGroup) ?? (await this.ports.logs.activity(logGroup));
    this.activities.set(logGroup, known);
    return known;
  }
}

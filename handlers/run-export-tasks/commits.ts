import { coverageOf, lineOf, settledLine } from "../archive/coverage";
import { type Item, itemAt } from "../archive/items";
import { commitReceipt, sumOf, surveyTasks } from "../archive/receipts";
import type { CoverageLine, Plan, Receipt, ReceiptTask } from "../archive/records";
import { expiresAt } from "../archive/retention";
import type { ArchiveStore } from "../archive/store";
import type { Clock } from "../clock";
import type { ItemProgress, Uncommitted } from "../contract/messages";

/** An export that wrote nothing where events were to be expected is looked at again after so long. */
const secondLookMs = 120_000;

/** So many wait for a second look at the most: the cursor has to stay small. */
const mostWaiting = 200;

export interface CommitPorts {
  readonly archive: ArchiveStore;
  readonly clock: Clock;
  /** Told of each receipt that is written. */
  readonly onReceipt: (receipt: Receipt) => void;
}

/** The items whose tasks have completed, on their way to a receipt. */
export class Commits {
  constructor(
    private readonly plan: Plan,
    private readonly waiting: Uncommitted[],
    private readonly ports: CommitPorts,
    private readonly onSettled: (line: CoverageLine) => void,
  ) {}

  /** What is left for the next step. */
  get uncommitted(): readonly Uncommitted[] {
    return this.waiting;
  }

  add({ index, isRecent, completed }: ItemProgress): void {
    this.waiting.push({ index, isRecent, completed, seen: null, lookAt: null });
  }

  /** When there will be something to do (epoch milliseconds): undefined if all is committed. */
  get dueAt(): number | undefined {
    const due = this.waiting.map(({ lookAt }) => (lookAt === null ? 0 : Date.parse(lookAt)));
    return due.length > 0 ? Math.min(...due) : undefined;
  }

  /** Brings one item that is due a move further; false if none is. */
  async advance(): Promise<boolean> {
    const now = this.ports.clock.now();
    const isDue = ({ lookAt }: Uncommitted) => lookAt === null || Date.parse(lookAt) <= now;
    const due = this.waiting.find(isDue) ?? (this.waiting.length > mostWaiting ? this.waiting[0] : undefined);
    if (!due) return false;
    const item = itemAt(this.plan, due.index);
    const { archive, clock } = this.ports;
    const tasks = await surveyTasks(this.plan.account, item, due.completed, archive);
    const seen = sumOf(tasks);
    if (isFinal(due, seen)) {
      this.onSettled(await this.settle(item, tasks));
      this.waiting.splice(this.waiting.indexOf(due), 1);
    } else {
      due.seen = seen;
      due.lookAt = new Date(clock.now() + secondLookMs).toISOString();
    }
    return true;
  }

  private async settle(item: Item, tasks: readonly ReceiptTask[]): Promise<CoverageLine> {
    const { archive, clock } = this.ports;
    const expiry = expiresAt(item.day, item.group);
    const ids = tasks.map(({ taskId }) => taskId).join(", ");
    // Of a day that retention was due to have deleted, nothing does not mean that there was nothing.
    if (sumOf(tasks).objects === 0 && tasks.every(({ createdAt }) => Date.parse(createdAt) >= expiry))
      return settledLine(this.plan, item, "skipped", "expired", clock, `export task ${ids} found nothing`);
    const receipt = await commitReceipt(this.plan, item, tasks, archive, clock, 0);
    this.ports.onReceipt(receipt);
    return coverageOf(receipt, item.group, lineOf(this.plan, clock));
  }
}

/**
 * Whether a listing is what a task has written. COMPLETED comes from another service than the listing: where a log group has
 * been written to lately, nothing is believed only when two looks, minutes apart, agree.
 */
function isFinal({ isRecent, seen: before }: Uncommitted, seen: NonNullable<Uncommitted["seen"]>): boolean {
  if (before) return before.objects === seen.objects && before.bytes === seen.bytes;
  return seen.objects > 0 || !isRecent;
}

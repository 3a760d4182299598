import { coverageOf, lineOf, settledLine } from "../archive/coverage";
import { type Item, itemAt } from "../archive/items";
import { maxKeyBytes } from "../archive/layout";
import { commitReceipt } from "../archive/receipts";
import type { CoverageLine, Plan } from "../archive/records";
import { expiresAt } from "../archive/retention";
import {
  BucketPermissionDenied,
  CallerPermissionDenied,
  type ExportSlot,
  KeyAccessDenied,
  OutcomeUnknown,
  SlotTaken,
} from "../clients/export-slot";
import { LogGroupDenied, LogGroupNotFound, LogGroupRefused } from "../clients/faults";
import { type ExportTask, isActive } from "../clients/logs";
import { AccountUnreachable, permanentErrors } from "../contract/errors";
import type { Cursor, ItemProgress, OwnTask, RunExportTasksInput } from "../contract/messages";
import { type ReasonCode, reason } from "../contract/reasons";
import { exportRequest, itemOfTask } from "./export-request";
import { longestKeyBytes, remedyFor, splitWindow } from "./failed-task";
import { Inspection, type InspectionPorts } from "./inspection";
import { progressOf, toOwnTask } from "./item-progress";
import { endingMs, stepBudgetMs } from "./pacing";
import { type HandBack, Patience } from "./patience";
import { SlotView } from "./slot-view";

/** Export tasks that one run spends on an item before it leaves it to the next run. */
const attemptsPerRun = 3;

/** A task that was created a moment ago may not be listed yet. */
const listingLagMs = 2_000;

export interface LoopPorts extends InspectionPorts {
  /** Opened when the first task has to be created. */
  readonly openSlot: () => Promise<ExportSlot>;
  /** Milliseconds that the Lambda has left. */
  readonly remainingMs: () => number;
}

/**
 * One step of an account's loop: takes the plan's items in order through the account's only export slot, until the account
 * is finished or it is better to hand back. It keeps nothing but what `cursor` says and what it puts into `outcomes`.
 */
export class AccountLoop {
  readonly outcomes: CoverageLine[] = [];
  private readonly inspection: Inspection;
  private readonly patience: Patience;
  private readonly deadline: number;
  private readonly stepEndsAt: number;
  private item: ItemProgress | null;
  private foreignSince: number | null;
  /** Tasks of ours that CloudWatch Logs refuses to describe. */
  private readonly unreadable = new Set<string>();
  private view: SlotView | undefined;
  /** Why everything that is left fails, once that is certain. */
  private abandoned: { code: ReasonCode; detail: string } | undefined;

  constructor(
    private readonly input: RunExportTasksInput,
    private readonly plan: Plan,
    private readonly ports: LoopPorts,
  ) {
    const { cursor, run } = input;
    const now = ports.clock.now();
    this.deadline = Date.parse(run.deadline);
    this.stepEndsAt = now + Math.min(stepBudgetMs, ports.remainingMs() - endingMs);
    this.item = cursor.item;
    this.foreignSince = cursor.foreignSince === null ? null : Date.parse(cursor.foreignSince);
    this.inspection = new Inspection(plan, cursor.position, ports, (line) => this.outcomes.push(line));
    this.patience = new Patience({
      clock: ports.clock,
      stepEndsAt: this.stepEndsAt,
      meanwhile: async (until) => {
        while (!this.inspection.isReady && ports.clock.now() < until) await this.inspection.advance();
      },
    });
  }

  /** Works until the account is finished (undefined) or the step should end. */
  async run(): Promise<HandBack | undefined> {
    for (;;) {
      const handBack = await this.move().catch((error: unknown) => this.abandonFor(error));
      if (this.abandoned) return this.failTheRest(this.abandoned.code, this.abandoned.detail);
      if (handBack === "finished") return undefined;
      if (handBack) return handBack;
    }
  }

  private move(): Promise<HandBack | "finished" | undefined> {
    return this.item ? this.advance(this.item) : this.startNextItem();
  }

  /** The next step's cursor. */
  cursor(): Cursor {
    return {
      step: this.input.cursor.step + 1,
      position: this.inspection.position,
      item: this.item,
      foreignSince: this.foreignSince === null ? null : new Date(this.foreignSince).toISOString(),
    };
  }

  private async startNextItem(): Promise<HandBack | "finished" | undefined> {
    // A long row of items without exports has to end within the step as well.
    while (!this.inspection.isReady) {
      if (this.ports.clock.now() >= this.stepEndsAt) return { status: "more", waitSeconds: 0 };
      await this.inspection.advance();
    }
    const item = await this.inspection.take();
    if (!item) return "finished";
    this.item = progressOf(item);
    return undefined;
  }

  /** Brings an item one move further: its task into the slot, or the task that holds the slot to its end. */
  private async advance(progress: ItemProgress): Promise<HandBack | undefined> {
    const item = itemAt(this.plan, progress.index);
    if (!progress.running) return this.occupySlot(item, progress);
    const { taskId, createdAt } = progress.running;
    const check = () => this.endedTask(taskId, item.group.name);
    const ended = await this.patience.await(check, Date.parse(createdAt), this.deadline).catch(isRefused);
    if (ended instanceof LogGroupRefused) {
      this.unreadable.add(taskId);
      return this.end(item, "failed", "service-error", ended.message);
    }
    if (ended.kind === "hand-back") return ended.handBack;
    if (ended.kind === "out-of-time") return this.abandon("deadline", `export task ${taskId} is left to the next run`);
    // Of a task that did not complete the view would go on saying that it runs.
    const completed = ended.value !== "gone" && ended.value.status === "COMPLETED";
    this.view = completed ? this.view?.released() : undefined;
    if (ended.value === "gone") {
      progress.running = null;
      progress.attempts += 1;
      return undefined;
    }
    return this.conclude(item, progress, ended.value);
  }

  private async endedTask(taskId: string, logGroup: string): Promise<ExportTask | "gone" | undefined> {
    const task = await this.ports.logs.exportTask(taskId, logGroup);
    if (task === "not-listed") return "gone";
    return task === "no-answer" || isActive(task) ? undefined : task;
  }

  private async occupySlot(item: Item, progress: ItemProgress): Promise<HandBack | undefined> {
    const [window] = progress.remaining;
    if (!window) throw new RangeError(`Item ${item.index} has no window left to export`);
    const request = exportRequest(this.plan, this.ports.archive.bucket, item, window);
    this.view ??= await SlotView.look(this.ports.logs);

    const known = this.view.tasksOf(request);
    const [newest] = known;
    const adopted = known.find((task) => isActive(task) || task.status === "COMPLETED");
    if (adopted) return this.hold(progress, toOwnTask(adopted));
    if (newest && remedyFor(newest, window) === "split-window") return this.split(progress);
    if (progress.completed.length === 0 && expiresAt(item.day, item.group) <= this.ports.clock.now())
      return this.end(item, "skipped", "expired");
    const { holder } = this.view;
    if (holder) return this.waitForHolder(holder, progress);

    const startedAt = Date.parse(this.input.run.startedAt);
    const failedBefore = known.filter((task) => task.createdAt >= startedAt).length;
    progress.attempts = Math.max(progress.attempts, failedBefore);
    if (progress.attempts >= attemptsPerRun)
      return newest
        ? this.giveUp(item, newest)
        : this.end(item, "failed", "service-error", "the answer was lost each time");
    if (this.ports.clock.now() >= this.deadline) return this.abandon("deadline");
    return this.create(item, progress, request);
  }

  private async create(
    item: Item,
    progress: ItemProgress,
    request: ReturnType<typeof exportRequest>,
  ): Promise<HandBack | undefined> {
    const createdAt = new Date(this.ports.clock.now()).toISOString();
    try {
      const slot = await this.ports.openSlot();
      const taskId = await slot.create(request);
      const { taskName, from, to } = request;
      return this.hold(progress, { taskId, taskName, from, to, createdAt });
    } catch (error) {
      if (error instanceof SlotTaken) return this.waitForSlot();
      if (error instanceof OutcomeUnknown) {
        await this.ports.clock.sleep(listingLagMs);
        this.view = undefined;
        progress.attempts += 1;
        return undefined;
      }
      if (error instanceof BucketPermissionDenied) return this.abandon("bucket-permission", error.message);
      if (error instanceof CallerPermissionDenied) return this.abandon("caller-bucket-permission", error.message);
      if (error instanceof LogGroupNotFound) return this.end(item, "skipped", "log-group-deleted");
      if (error instanceof KeyAccessDenied) return this.end(item, "failed", "key-access-denied", error.message);
      if (error instanceof LogGroupDenied) return this.end(item, "failed", "access-denied", error.message);
      if (error instanceof LogGroupRefused) return this.end(item, "failed", "service-error", error.message);
      throw error;
    }
  }

  /** Somebody's task holds the slot. One of our own, left by another step or run, comes first; any other is waited for. */
  private async waitForHolder(holder: ExportTask, progress: ItemProgress): Promise<HandBack | undefined> {
    const isUnreadable = this.unreadable.has(holder.taskId);
    const own = isUnreadable ? undefined : itemOfTask(this.plan, this.ports.archive.bucket, holder);
    if (own && own.index !== progress.index) {
      this.putBack(progress);
      // What the task exports, all of the day or a piece of it, turns out when the item is started from the beginning.
      this.item = progressOf(own);
      return undefined;
    }
    const holds = `export task ${holder.taskId} of log group ${holder.logGroup} since ${new Date(holder.createdAt).toISOString()}`;
    const hasEnded = async () => {
      const ended = await this.endedTask(holder.taskId, holder.logGroup).catch(isRefused);
      return ended === undefined || ended instanceof LogGroupRefused ? undefined : true;
    };
    return this.waitUntilFree(hasEnded, holds);
  }

  /** The slot is taken, and nothing says yet by whom. */
  private async waitForSlot(): Promise<HandBack | undefined> {
    const refusedAt = this.ports.clock.now();
    // The next look may show the holder; if it does not, only another attempt to create a task tells.
    const hasPaused = async () => this.ports.clock.now() > refusedAt || undefined;
    return this.waitUntilFree(hasPaused, "an export task that CloudWatch Logs does not list");
  }

  private async waitUntilFree(isFree: () => Promise<true | undefined>, holds: string): Promise<HandBack | undefined> {
    this.foreignSince ??= this.ports.clock.now();
    const bound = this.foreignSince + this.input.settings.foreignTaskWaitMinutes * 60_000;
    const freed = await this.patience.await(isFree, this.foreignSince, Math.min(bound, this.deadline));
    this.view = undefined;
    if (freed.kind === "hand-back") return freed.handBack;
    if (freed.kind === "out-of-time") return this.abandon(this.deadline <= bound ? "deadline" : "slot-busy", holds);
    return undefined;
  }

  private async conclude(item: Item, progress: ItemProgress, task: ExportTask): Promise<HandBack | undefined> {
    const [window] = progress.remaining;
    if (!window) throw new RangeError(`Item ${item.index} has no window left to export`);
    const running = progress.running;
    progress.running = null;
    if (task.status === "COMPLETED" && running) {
      const completedAt = new Date(task.completedAt ?? this.ports.clock.now()).toISOString();
      progress.completed.push({ ...running, completedAt });
      progress.remaining.shift();
      progress.attempts = 0;
      if (progress.remaining.length > 0) return undefined;
      const receipt = await commitReceipt(this.plan, item, progress.completed, this.ports.archive, this.ports.clock);
      return this.settle(coverageOf(receipt, item.group, lineOf(this.plan, this.ports.clock)));
    }
    switch (remedyFor(task, window)) {
      case "split-window":
        return this.split(progress);
      case "bucket-permission":
        return this.abandon("bucket-permission", task.message);
      case "caller-bucket-permission":
        return this.abandon("caller-bucket-permission", task.message);
      case "key-access-denied":
        return this.end(item, "failed", "key-access-denied", task.message);
      case "try-again":
        progress.attempts += 1;
        return progress.attempts >= attemptsPerRun ? this.giveUp(item, task) : undefined;
    }
  }

  private async giveUp(item: Item, task: ExportTask): Promise<undefined> {
    if (task.status === "CANCELLED")
      return this.end(item, "failed", "export-task-cancelled", `export task ${task.taskId}`);
    const keyBytes = await longestKeyBytes(this.ports.logs, this.plan.account, item);
    if (keyBytes > maxKeyBytes) return this.end(item, "skipped", "key-too-long", `${keyBytes} bytes`);
    return this.end(item, "failed", "export-task-failed", `export task ${task.taskId}: ${task.message}`);
  }

  private hold(progress: ItemProgress, running: OwnTask): undefined {
    progress.running = running;
    this.foreignSince = null;
  }

  private split(progress: ItemProgress): undefined {
    const [window, ...rest] = progress.remaining;
    if (window) progress.remaining = [...splitWindow(window), ...rest];
    progress.running = null;
    progress.attempts = 0;
  }

  private end(item: Item, outcome: CoverageLine["outcome"], code: ReasonCode, detail?: string): undefined {
    this.settle(settledLine(this.plan, item, outcome, code, this.ports.clock, detail));
  }

  private settle(line: CoverageLine): undefined {
    this.outcomes.push(line);
    this.item = null;
  }

  /** An item that waits for another one's task is looked at again when its turn comes. */
  private putBack(progress: ItemProgress): void {
    this.inspection.putBack(itemAt(this.plan, progress.index));
  }

  private abandon(code: ReasonCode, detail = ""): undefined {
    this.abandoned = { code, detail };
  }

  /** An account that refuses as a whole: what was settled before is told all the same. */
  private abandonFor(error: unknown): undefined {
    const code = error instanceof AccountUnreachable ? permanentErrors[error.name] : undefined;
    if (!code || !(error instanceof Error)) throw error;
    this.abandon(code, error.message);
  }

  /** What the plan still holds fails for one reason; a running task of ours is left for the next run to adopt. */
  private failTheRest(code: ReasonCode, detail: string): undefined {
    // One line a day: hundreds of thousands of items would not fit the function's memory.
    const { account, region } = this.plan;
    for (const { day } of this.plan.days)
      this.outcomes.push({
        ...{ account, region, logGroup: null, day, outcome: "failed", reason: reason(code, detail) },
        ...lineOf(this.plan, this.ports.clock),
      });
    this.item = null;
  }
}

function isRefused(error: unknown): LogGroupRefused {
  if (error instanceof LogGroupRefused) return error;
  throw error;
}

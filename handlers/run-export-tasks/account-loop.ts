import { coverageOf, lineOf, settledLine } from "../archive/coverage";
import { type Item, itemAt } from "../archive/items";
import { maxKeyBytes } from "../archive/layout";
import { readReceipt } from "../archive/receipts";
import type { CoverageLine, Plan } from "../archive/records";
import { goneAt, isPartlyExpired } from "../archive/retention";
import {
  BucketPermissionDenied,
  CallerPermissionDenied,
  type ExportRequest,
  type ExportSlot,
  KeyAccessDenied,
  OutcomeUnknown,
  SlotTaken,
} from "../clients/export-slot";
import { type ExportTask, isActive } from "../clients/export-task";
import { LogGroupDenied, LogGroupNotFound, LogGroupRefused, refusal } from "../clients/faults";
import { AccountUnreachable, permanentErrors } from "../contract/errors";
import type { Cursor, ItemProgress, OwnTask, RunExportTasksInput } from "../contract/messages";
import { type ReasonCode, reason } from "../contract/reasons";
import { type CommitPorts, Commits } from "./commits";
import { exportRequest, isTaskOf } from "./export-request";
import { longestKeyBytes, remedyFor, splitWindow } from "./failed-task";
import { Inspection, type InspectionPorts } from "./inspection";
import { openTasks, progressOf, toOwnTask } from "./item-progress";
import type { NamedTasks } from "./named-tasks";
import {
  earliestEnd,
  endingMs,
  latestTasks,
  listingLagMs,
  longestWaitInside,
  lookDelay,
  patientDelay,
  stepBudgetMs,
} from "./pacing";
import { type HandBack, Patience } from "./patience";
import type { StepRecord } from "./step-record";
import { TakenSlot, type Waited } from "./taken-slot";
import { TaskSearch } from "./task-search";

/** Export tasks that one run spends on an item before it leaves it to the next run. */
const attemptsPerRun = 3;

/**
 * A task that is so old is named in the step's record, so that the step after this one's death adopts it. Naming costs as
 * much as a receipt: what a death in a task's first minute can cost is one export, and what it costs on average is a minute.
 */
const namedAfterMs = 60_000;

export interface LoopPorts extends InspectionPorts, CommitPorts {
  /** Opened when the first task has to be created. */
  readonly openSlot: () => Promise<ExportSlot>;
  /** Milliseconds that the Lambda has left. */
  readonly remainingMs: () => number;
}

/**
 * One step of an account's loop: takes the plan's items in order through the account's only export slot, until the account
 * is finished or it is better to hand back. What a task wrote is committed while the next one runs. It keeps nothing but what
 * `cursor` says and what it puts into `record`.
 */
export class AccountLoop {
  private readonly inspection: Inspection;
  private readonly commits: Commits;
  private readonly search: TaskSearch;
  private readonly patience: Patience;
  private readonly taken: TakenSlot;
  private readonly deadline: number;
  private readonly stepEndsAt: number;
  private item: ItemProgress | null;
  /** Whether nothing but the item's own task can be in the slot, as far as is known. */
  private slotIsFree: boolean;
  /** How long the account's latest tasks took. */
  private latestMs: readonly number[];
  /** The task that the records name already. */
  private recorded: string | undefined;
  /** Whether the next task can be created without a session being opened first. */
  private slotIsOpen = false;
  /** Why everything that is left fails, once that is certain. */
  private abandoned: { code: ReasonCode; detail: string } | undefined;

  constructor(
    private readonly input: RunExportTasksInput,
    private readonly plan: Plan,
    private readonly named: NamedTasks,
    private readonly record: StepRecord,
    private readonly ports: LoopPorts,
  ) {
    const { cursor, run } = input;
    const { clock } = ports;
    this.deadline = Date.parse(run.deadline);
    this.stepEndsAt = clock.now() + Math.min(stepBudgetMs, ports.remainingMs() - endingMs);
    this.item = cursor.item;
    this.recorded = cursor.item?.running?.taskId;
    this.slotIsFree = cursor.slotIsFree;
    this.latestMs = cursor.latestMs;
    const settle = (line: CoverageLine) => this.record.add(line);
    this.inspection = new Inspection(plan, cursor.position, ports, settle);
    this.commits = new Commits(plan, cursor.uncommitted, ports, settle);
    this.search = new TaskSearch(ports.logs, ports.archive.bucket);
    const meanwhile = async (until: number) => {
      while (clock.now() < until && (await this.workAhead()));
    };
    this.patience = new Patience({
      ...{ clock, stepEndsAt: this.stepEndsAt, meanwhile },
      longestWaitInside: longestWaitInside(input.historyEvents),
    });
    const { foreignSince } = cursor;
    this.taken = new TakenSlot(ports, this.search, this.patience, {
      ...{ deadline: this.deadline, waitMs: input.settings.foreignTaskWaitMinutes * 60_000 },
      since: foreignSince === null ? null : Date.parse(foreignSince),
    });
  }

  /** Works until the account is finished (undefined) or the step should end. */
  async run(): Promise<HandBack | undefined> {
    try {
      for (;;) {
        const end = await this.move().catch((error: unknown) => this.abandonFor(error));
        if (this.record.isFull) await this.record.write();
        if (this.abandoned) this.failTheRest(this.abandoned);
        else if (end) {
          await this.leave();
          return end === "finished" ? undefined : end;
        }
      }
    } catch (error) {
      await this.salvage().catch(() => {});
      throw error;
    }
  }

  /** The step is done for: what it has begun is named first, because the rest may fail as well. */
  private async salvage(): Promise<void> {
    this.recordRunning(0);
    for (const { index, completed } of this.commits.uncommitted)
      this.record.add(this.openLine(index, completed, "not-reached", "the step died before it was committed"));
    await this.record.write();
    while (await this.commits.advance());
  }

  /** Commits what can be committed, and records what the step found out and leaves behind. */
  private async leave(): Promise<void> {
    while (await this.commits.advance());
    this.recordRunning(0);
    await this.record.write();
  }

  /** The next step's cursor. */
  cursor(): Cursor {
    return {
      step: this.input.cursor.step + 1,
      position: this.inspection.position,
      item: this.item,
      uncommitted: [...this.commits.uncommitted],
      latestMs: [...this.latestMs],
      slotIsFree: this.slotIsFree,
      foreignSince: this.taken.since === null ? null : new Date(this.taken.since).toISOString(),
    };
  }

  private async move(): Promise<HandBack | "finished" | undefined> {
    if (this.item) return this.advance(this.item);
    if (!this.inspection.isReady) {
      // A long row of items without exports has to end within the step as well.
      if (this.ports.clock.now() >= this.stepEndsAt) return { status: "more", waitSeconds: 0 };
      return this.inspection.advance().then(() => undefined);
    }
    const candidate = this.inspection.take();
    if (!candidate) return this.finish();
    this.item = progressOf(candidate);
    return undefined;
  }

  /** Everything has been exported: what is not committed yet waits for its second look. */
  private async finish(): Promise<HandBack | "finished" | undefined> {
    if (await this.commits.advance()) return undefined;
    const { dueAt } = this.commits;
    return dueAt === undefined ? "finished" : this.patience.until(dueAt);
  }

  /** Does what is useful while a task runs; false if nothing is. */
  private async workAhead(): Promise<boolean> {
    if (await this.commits.advance()) return true;
    if (this.recordRunning(namedAfterMs)) return this.record.write().then(() => true);
    if (!this.inspection.isReady) return this.inspection.advance().then(() => true);
    if (this.slotIsOpen) return false;
    this.slotIsOpen = true;
    return this.ports.openSlot().then(() => true);
  }

  /** Names the running task in the record once it has run for some time; false if there is none to name. */
  private recordRunning(afterMs: number): boolean {
    const { item } = this;
    if (!item?.running || item.running.taskId === this.recorded) return false;
    if (this.ports.clock.now() - Date.parse(item.running.createdAt) < afterMs) return false;
    this.recorded = item.running.taskId;
    this.record.add(
      this.openLine(item.index, openTasks(item), "not-reached", `export task ${this.recorded} was running`),
    );
    return true;
  }

  /** Brings an item one move further: its task into the slot, or the task that holds the slot to its end. */
  private async advance(progress: ItemProgress): Promise<HandBack | undefined> {
    const item = itemAt(this.plan, progress.index);
    if (!progress.running) return this.occupySlot(item, progress);
    const { taskId, createdAt } = progress.running;
    const since = Date.parse(createdAt);
    const expectation = { dayBefore: progress.dayBeforeMs, latest: this.latestMs };
    const ended = await this.patience
      .await({
        check: () => this.endOf(taskId, item.group.name, since),
        since,
        notBefore: since + earliestEnd(expectation),
        delay: (ageMs) => lookDelay(ageMs, expectation),
        until: this.deadline,
      })
      .catch(refusal);
    if (ended instanceof LogGroupRefused) {
      this.slotIsFree = false;
      return this.end(item, "failed", "service-error", ended.message);
    }
    if (ended.kind === "hand-back") return ended.handBack;
    if (ended.kind === "out-of-time") return this.abandon("deadline", `export task ${taskId} is left to the next run`);
    this.named.forget(taskId);
    this.slotIsFree = ended.value !== "gone";
    if (ended.value !== "gone") return this.conclude(item, progress, progress.running, ended.value);
    progress.running = null;
    progress.attempts += 1;
    return undefined;
  }

  private async endOf(taskId: string, logGroup: string, createdAt: number): Promise<ExportTask | "gone" | undefined> {
    const task = await this.ports.logs.exportTask(taskId, logGroup);
    if (task === "not-listed") return this.ports.clock.now() - createdAt < listingLagMs ? undefined : "gone";
    return task === "no-answer" || isActive(task) ? undefined : task;
  }

  private async occupySlot(item: Item, progress: ItemProgress): Promise<HandBack | undefined> {
    const [window] = progress.remaining;
    if (!window) throw new RangeError(`Item ${item.index} has no window left to export`);
    const { clock, archive } = this.ports;
    const request = exportRequest(this.plan, archive.bucket, item, window);

    const named = await this.named.of(item);
    const ours = named.filter((task) => isTaskOf(task, request));
    const adopted = ours.find((task) => isActive(task) || task.status === "COMPLETED");
    if (adopted) return this.hold(progress, toOwnTask(adopted));
    const isPiece = ({ from, to }: ExportTask) =>
      window.from <= from && to <= window.to && to - from < window.to - window.from;
    if (ours.some((task) => remedyFor(task, window) === "split-window") || named.some(isPiece))
      return this.split(progress);

    if (progress.completed.length === 0 && goneAt(item.day, item.group) <= clock.now())
      return (await this.recall(progress, request)) ? undefined : this.end(item, "skipped", "expired");
    if (progress.lostAt !== null) return this.findLost(progress, request, Date.parse(progress.lostAt));
    const holder = this.slotIsFree ? undefined : await this.search.holder();
    if (holder) return this.wait(item, this.taken.waitFor(holder));
    this.slotIsFree = true;

    if (progress.attempts >= attemptsPerRun)
      return this.end(item, "failed", "service-error", "the answer was lost each time");
    if (clock.now() >= this.deadline) return this.abandon("deadline");
    if (isPartlyExpired(window, item.group, clock.now()) && (await this.recall(progress, request))) return undefined;
    return this.create(item, progress, request);
  }

  private async create(item: Item, progress: ItemProgress, request: ExportRequest): Promise<HandBack | undefined> {
    const createdAt = new Date(this.ports.clock.now()).toISOString();
    try {
      const slot = await this.ports.openSlot();
      const taskId = await slot.create(request);
      const { taskName, from, to } = request;
      return this.hold(progress, { taskId, taskName, from, to, createdAt });
    } catch (error) {
      if (error instanceof SlotTaken) {
        this.slotIsFree = false;
        return this.wait(item, this.taken.waitForUnknown());
      }
      if (error instanceof OutcomeUnknown) {
        this.slotIsFree = false;
        progress.lostAt = createdAt;
        return undefined;
      }
      if (error instanceof BucketPermissionDenied) return this.abandon("bucket-permission", error.message);
      if (error instanceof CallerPermissionDenied) return this.abandon("caller-bucket-permission", error.message);
      if (error instanceof LogGroupNotFound)
        return (await this.recall(progress, request)) ? undefined : this.end(item, "skipped", "log-group-deleted");
      if (error instanceof KeyAccessDenied) return this.end(item, "failed", "key-access-denied", error.message);
      if (error instanceof LogGroupDenied) return this.end(item, "failed", "access-denied", error.message);
      if (error instanceof LogGroupRefused) return this.end(item, "failed", "service-error", error.message);
      throw error;
    }
  }

  /** A task whose answer was lost is waited for as long as it may take to be listed. */
  private async findLost(
    progress: ItemProgress,
    request: ExportRequest,
    lostAt: number,
  ): Promise<HandBack | undefined> {
    const found = await this.patience.await({
      check: () => this.search.lost(request, lostAt),
      since: lostAt,
      delay: patientDelay,
      until: lostAt + listingLagMs,
    });
    if (found.kind === "hand-back") return found.handBack;
    progress.lostAt = null;
    if (found.kind === "came") return this.hold(progress, toOwnTask(found.value));
    progress.attempts += 1;
    return undefined;
  }

  /**
   * What cannot be exported again is better taken from a task that goes by our name alone than lost, and says so. Only an
   * interrupted run leaves such tasks.
   */
  private async recall(progress: ItemProgress, request: ExportRequest): Promise<boolean> {
    const task = this.plan.interrupted ? await this.search.byName(request) : undefined;
    if (task) this.hold(progress, { ...toOwnTask(task), adopted: true });
    return task !== undefined;
  }

  /** Waits while the slot is another's: another run may then have committed the item. */
  private async wait(item: Item, waited: Promise<Waited>): Promise<HandBack | undefined> {
    const came = await waited;
    if (came.kind === "hand-back") return came.handBack;
    if (came.kind === "out-of-time") return this.abandon(came.code, came.detail);
    const committed = await readReceipt(this.plan.account, item, this.ports.archive);
    if (committed) this.settle(coverageOf(committed.receipt, item.group, lineOf(this.plan, this.ports.clock)));
    return undefined;
  }

  private async conclude(item: Item, progress: ItemProgress, running: OwnTask, task: ExportTask): Promise<undefined> {
    const [window] = progress.remaining;
    if (!window) throw new RangeError(`Item ${item.index} has no window left to export`);
    progress.running = null;
    if (task.status === "COMPLETED") {
      const ended = task.completedAt ?? this.ports.clock.now();
      progress.completed.push({ ...running, completedAt: new Date(ended).toISOString() });
      this.latestMs = [...this.latestMs, Math.max(0, ended - task.createdAt)].slice(-latestTasks);
      progress.remaining.shift();
      progress.attempts = 0;
      if (progress.remaining.length > 0) return;
      this.commits.add(progress);
      this.item = null;
      return;
    }
    const remedy = remedyFor(task, window);
    switch (remedy) {
      case "split-window":
        return this.split(progress);
      case "bucket-permission":
      case "caller-bucket-permission":
        return this.abandon(remedy, task.message);
      case "key-access-denied":
        return this.end(item, "failed", remedy, task.message);
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
    this.taken.isOurs();
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
    this.record.add(line);
    this.item = null;
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
  private failTheRest({ code, detail }: { code: ReasonCode; detail: string }): void {
    this.abandoned = undefined;
    if (this.item) this.record.add(this.openLine(this.item.index, openTasks(this.item), code, detail));
    this.item = null;
    this.inspection.skipRest();
    // One line a day: hundreds of thousands of items would not fit the function's memory.
    const { account, region, days } = this.plan;
    for (const { day } of days)
      this.record.add({
        ...{ account, region, logGroup: null, day, outcome: "failed", reason: reason(code, detail) },
        ...lineOf(this.plan, this.ports.clock),
      });
  }

  /** A failed item's line that names the tasks which were begun for it. */
  private openLine(index: number, tasks: readonly OwnTask[], code: ReasonCode, detail: string): CoverageLine {
    const line = settledLine(this.plan, itemAt(this.plan, index), "failed", code, this.ports.clock, detail);
    return tasks.length > 0 ? { ...line, openTaskIds: tasks.map(({ taskId }) => taskId) } : line;
  }
}

import type { ExportTaskFault } from "../../service/calls";
import { seededFraction, seededUuid } from "../../world/seeded";
import { type ExportTaskRecord, holdsSlot } from "./export-task-record";

/** What will become of a task that is not cancelled. Times are epoch milliseconds. */
interface Plan {
  readonly runsAt: number;
  readonly endsAt: number;
  readonly end: "COMPLETED" | "FAILED" | "CANCELLED";
  readonly message: string | undefined;
  /** How long after its end the task's objects appear. */
  readonly objectsAfterMs: number;
  /** Set when the task is cancelled: PENDING_CANCEL until then. */
  readonly cancelledAt?: number;
}

export interface ExportTaskOptions {
  readonly seed: number;
  /** Bytes of log data, before compression, that a task writes in a second. */
  readonly exportBytesPerSecond: number;
  /** The bytes that a task will write if it runs at that time. */
  readonly bytesOf: (task: ExportTaskRecord, at: number) => number;
  /** Writes a task's objects, or the first half of them; the message of a failure, if it cannot. */
  readonly write: (task: ExportTaskRecord, part: "all" | "half", at: number) => string | undefined;
  /** Told after tasks changed. */
  readonly changed: () => void;
}

/** Shorter than AWS's, so that an export loop looks at them a few times only: looks are most of what a simulated run costs. */
const pendingMs = { shortest: 100, spread: 200 };
const runningMs = { shortest: 300, spread: 900 };

const timeOutMs = 24 * 3_600_000;
const cancellingMs = 100;

/** The export tasks of all accounts and Regions: each has one that is active at most. */
export class ExportTasks {
  private readonly tasks: ExportTaskRecord[];
  /** The active task of each account and Region. */
  private readonly active = new Map<string, { index: number; plan: Plan }>();
  /** The indexes of the tasks of each account and Region. */
  private readonly indexes = new Map<string, number[]>();
  private readonly indexOfId = new Map<string, number>();
  /** What has ended, and whose objects are still to come. */
  private readonly late: { readonly task: ExportTaskRecord; readonly part: "all" | "half"; readonly at: number }[] = [];
  private dirty = false;

  constructor(
    private readonly options: ExportTaskOptions,
    history: readonly ExportTaskRecord[],
  ) {
    this.tasks = [...history];
    history.forEach((task, index) => {
      const slot = slotOf(task);
      this.index(slot, task.id, index);
      if (!holdsSlot(task)) return;
      const plan = this.plan(task, undefined);
      const cancelledAt = task.status === "PENDING_CANCEL" ? { cancelledAt: plan.runsAt } : {};
      this.active.set(slot, { index, plan: { ...plan, ...cancelledAt } });
    });
  }

  /** In the order of creation. */
  all(): readonly ExportTaskRecord[] {
    return this.tasks;
  }

  /** The tasks of an account and Region, in the order of creation. */
  list(account: string, region: string): ExportTaskRecord[] {
    const indexes = this.indexes.get(slotOf({ account, region })) ?? [];
    return indexes.flatMap((index) => this.tasks[index] ?? []);
  }

  /** A task of an account and Region. */
  find(account: string, region: string, id: string): ExportTaskRecord | undefined {
    const task = this.tasks[this.indexOfId.get(id) ?? -1];
    return task?.account === account && task.region === region ? task : undefined;
  }

  isOccupied(account: string, region: string): boolean {
    return this.active.has(slotOf({ account, region }));
  }

  /** Puts a task into the free slot of its account and Region. */
  create(
    task: Omit<ExportTaskRecord, "id" | "status" | "message" | "started" | "finished">,
    fault?: ExportTaskFault,
  ): ExportTaskRecord {
    const slot = slotOf(task);
    const id = seededUuid(this.options.seed, "export task", slot, this.indexes.get(slot)?.length ?? 0);
    const created: ExportTaskRecord = { ...task, id, status: "PENDING", message: null, started: null, finished: null };
    this.index(slot, id, this.tasks.length);
    this.active.set(slot, { index: this.tasks.length, plan: this.plan(created, fault) });
    this.tasks.push(created);
    this.options.changed();
    return created;
  }

  /** Marks an active task as being cancelled. */
  cancel(task: ExportTaskRecord, now: number): void {
    const entry = this.active.get(slotOf(task));
    if (entry === undefined) return;
    entry.plan = { ...entry.plan, cancelledAt: now + cancellingMs };
    this.replace(entry.index, { status: "PENDING_CANCEL" });
    this.options.changed();
  }

  /** Brings every task to where it is at this time. */
  catchUp(now: number): void {
    this.dirty = false;
    for (const [slot, { index, plan }] of [...this.active]) this.advance(slot, index, plan, now);
    const due = this.late.filter(({ at }) => at <= now);
    for (const entry of due) {
      this.late.splice(this.late.indexOf(entry), 1);
      this.options.write(entry.task, entry.part, entry.at);
    }
    if (this.dirty) this.options.changed();
  }

  private advance(slot: string, index: number, plan: Plan, now: number): void {
    const end = plan.cancelledAt === undefined ? plan.endsAt : Math.min(plan.endsAt, plan.cancelledAt);
    if (now < plan.runsAt && now < end) return;
    const task = this.tasks[index];
    if (task?.started === null && plan.runsAt <= end) {
      this.replace(index, { status: task.status === "PENDING" ? "RUNNING" : task.status, started: plan.runsAt });
    }
    if (now < end) return;
    const cancelled = plan.cancelledAt !== undefined && plan.cancelledAt <= plan.endsAt;
    this.active.delete(slot);
    const { objectsAfterMs } = plan;
    if (cancelled) this.finish(index, { end: "CANCELLED", message: undefined, objectsAfterMs }, end);
    else this.finish(index, plan, end);
  }

  private finish(
    index: number,
    { end, message, objectsAfterMs }: Pick<Plan, "end" | "message" | "objectsAfterMs">,
    at: number,
  ): void {
    const task = this.tasks[index];
    if (task === undefined) return;
    const part = end === "COMPLETED" ? "all" : "half";
    if (objectsAfterMs > 0) this.late.push({ task, part, at: at + objectsAfterMs });
    const failure = objectsAfterMs > 0 ? undefined : this.options.write(task, part, at);
    if (failure !== undefined && end === "COMPLETED") {
      this.replace(index, { status: "FAILED", message: failure, finished: at });
      return;
    }
    this.replace(index, { status: end, message: message ?? defaultMessage[end], finished: at });
  }

  private index(slot: string, id: string, index: number): void {
    this.indexOfId.set(id, index);
    const indexes = this.indexes.get(slot) ?? [];
    indexes.push(index);
    this.indexes.set(slot, indexes);
  }

  private replace(index: number, change: Partial<ExportTaskRecord>): void {
    const task = this.tasks[index];
    if (task === undefined) return;
    this.tasks[index] = { ...task, ...change };
    this.dirty = true;
  }

  private plan(task: ExportTaskRecord, fault: ExportTaskFault | undefined): Plan {
    const { seed, exportBytesPerSecond, bytesOf } = this.options;
    const drawn = ({ shortest, spread }: typeof pendingMs, what: string) =>
      Math.floor(shortest + spread * seededFraction(seed, task.id, what));
    const runsAt = task.started ?? task.created + drawn(pendingMs, "pending");
    const transfer = (bytesOf(task, runsAt) / exportBytesPerSecond) * 1000;
    const endsAt =
      fault?.durationMs === undefined
        ? runsAt + drawn(runningMs, "running") + Math.ceil(transfer)
        : task.created + fault.durationMs;
    const timeOut = task.created + timeOutMs;
    const { status: end = "COMPLETED", message, objectsAfterMs = 0 } = fault ?? {};
    if (endsAt > timeOut)
      return {
        runsAt,
        endsAt: timeOut,
        end: "FAILED",
        message: "The export task timed out after 24 hours.",
        objectsAfterMs,
      };
    return { runsAt: Math.min(runsAt, endsAt), endsAt, end, message, objectsAfterMs };
  }
}

const defaultMessage: Readonly<Record<Plan["end"], string>> = {
  COMPLETED: "Completed successfully",
  FAILED: "An internal error occurred.",
  CANCELLED: "Cancelled by user",
};

function slotOf({ account, region }: { account: string; region: string }): string {
  return `${account}/${region}`;
}

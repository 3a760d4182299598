import { foreignTaskText } from "../archive/foreign-task";
import { type ExportTask, isActive } from "../clients/export-task";
import { LogGroupRefused, refusal } from "../clients/faults";
import type { ReasonCode } from "../contract/reasons";
import { hasOurName } from "./export-request";
import type { InspectionPorts } from "./inspection";
import { listingLagMs, patientDelay } from "./pacing";
import type { HandBack, Patience } from "./patience";
import type { TaskSearch } from "./task-search";

/** So long another run has, after the end of its task, to commit it and create the next one. */
const graceMs = 5_000;

/** What came of waiting: the slot is free, or the step should end, or there is no more time for it. */
export type Waited =
  | { readonly kind: "free" }
  | { readonly kind: "hand-back"; readonly handBack: HandBack }
  | { readonly kind: "out-of-time"; readonly code: ReasonCode; readonly detail: string };

export interface TakenSlotOptions {
  /** When the run creates no more tasks (epoch milliseconds). */
  readonly deadline: number;
  /** For how long (milliseconds) a task is waited for that is none of ours. */
  readonly waitMs: number;
  /** Since when others have had the slot, without a task of our own in between (epoch milliseconds); null if they have not. */
  readonly since: number | null;
}

/** The account's export slot while a task holds it that is not this step's own. It is waited for, and never cancelled. */
export class TakenSlot {
  private readonly deadline: number;
  private readonly waitMs: number;
  private takenSince: number | null;

  constructor(
    private readonly ports: InspectionPorts,
    private readonly search: TaskSearch,
    private readonly patience: Patience,
    { deadline, waitMs, since }: TakenSlotOptions,
  ) {
    this.deadline = deadline;
    this.waitMs = waitMs;
    this.takenSince = since;
  }

  /** Epoch milliseconds; null if it is not taken. */
  get since(): number | null {
    return this.takenSince;
  }

  /** A task of our own is in it. */
  isOurs(): void {
    this.takenSince = null;
  }

  /** Waits for the end of a task that has been found. */
  waitFor(holder: ExportTask): Promise<Waited> {
    if (hasOurName(holder, this.ports.archive.bucket)) return this.follow(holder);
    const holds = foreignTaskText({ ...holder, since: new Date(holder.createdAt).toISOString() });
    return this.waitUntil(() => this.hasEnded(holder), holds);
  }

  /** The slot was refused, and it may be too early to see who has it: a refusal a minute is probing enough. */
  async waitForUnknown(): Promise<Waited> {
    const holder = await this.search.holder();
    if (holder) return this.waitFor(holder);
    const believedUntil = this.ports.clock.now() + listingLagMs;
    const isWorthAnotherTry = async () =>
      this.ports.clock.now() >= believedUntil || (await this.search.holder()) !== undefined || undefined;
    return this.waitUntil(isWorthAnotherTry, "an export task that CloudWatch Logs does not list");
  }

  private async waitUntil(isFree: () => Promise<true | undefined>, holds: string): Promise<Waited> {
    this.takenSince ??= this.ports.clock.now();
    const bound = this.takenSince + this.waitMs;
    const freed = await this.patience.await({
      check: isFree,
      since: this.takenSince,
      delay: patientDelay,
      until: Math.min(bound, this.deadline),
    });
    if (freed.kind === "out-of-time")
      return { kind: "out-of-time", code: this.deadline <= bound ? "deadline" : "slot-busy", detail: holds };
    return freed.kind === "hand-back" ? freed : { kind: "free" };
  }

  /**
   * A task of another run, or of a step that died before it named it: the run that it belongs to commits it and creates the next
   * one, and this step goes along behind. If it is no run's of ours, which the name does not tell, it is never adopted.
   */
  private async follow(holder: ExportTask): Promise<Waited> {
    const ended = await this.patience.await({
      check: () => this.hasEnded(holder),
      since: holder.createdAt,
      delay: patientDelay,
      until: this.deadline,
    });
    if (ended.kind === "out-of-time")
      return { kind: "out-of-time", code: "deadline", detail: `export task ${holder.taskId} held the slot` };
    if (ended.kind === "hand-back") return ended;
    await this.ports.clock.sleep(graceMs);
    return { kind: "free" };
  }

  /** Of a task that is not this step's own: if CloudWatch Logs refuses to describe it, it is waited for in vain. */
  private async hasEnded({ taskId, logGroup }: ExportTask): Promise<true | undefined> {
    const task = await this.ports.logs.exportTask(taskId, logGroup).catch(refusal);
    if (task === "not-listed") return true;
    return task === "no-answer" || task instanceof LogGroupRefused || isActive(task) ? undefined : true;
  }
}

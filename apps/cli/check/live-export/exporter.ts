import { createHash } from "node:crypto";
import { DamagedObject, readExportedObject } from "../../../../handlers/archive/exported-object";
import { destinationPrefix } from "../../../../handlers/archive/layout";
import { type ArchiveReader, type CurrentObject, currentObjects } from "../../../../handlers/archive/store";
import {
  BucketPermissionDenied,
  CallerPermissionDenied,
  deniedBy,
  type ExportRequest,
  type ExportSlot,
  KeyAccessDenied,
  OutcomeUnknown,
  SlotTaken,
} from "../../../../handlers/clients/export-slot";
import { type ExportTask, isActive } from "../../../../handlers/clients/export-task";
import { LogGroupDenied, LogGroupNotFound, LogGroupRefused } from "../../../../handlers/clients/faults";
import type { Logs } from "../../../../handlers/clients/logs";
import type { Right } from "../../../../handlers/clients/member-sessions";
import type { Clock } from "../../../../handlers/clock";
import type { Window } from "../../../../handlers/contract/values";
import { listingLagMs } from "../../../../handlers/run-export-tasks/pacing";
import { TaskSearch } from "../../../../handlers/run-export-tasks/task-search";
import type { CompletedExport, Ending, Purpose, TriedRight, WrittenObject } from "./live-check";

/** A task of so little takes seconds to minutes. */
const longestTaskMs = 30 * 60_000;

/** COMPLETED comes from another service than the listing: that nothing was written is believed on a second look only. */
const secondLookMs = 120_000;

const betweenTriesMs = 5_000;

export interface ExporterPorts {
  readonly account: string;
  readonly logGroup: string;
  /** The day below which the exports lie. */
  readonly day: string;
  /** Of the tasks' names: no other task's begins so. */
  readonly name: string;
  readonly archive: ArchiveReader;
  readonly clock: Clock;
  /** Assumed anew each time: exports outlast sessions. */
  readonly openLogs: () => Promise<Logs>;
  readonly openSlot: (without: readonly Right[]) => Promise<ExportSlot>;
  /** Told of each task that there is now. */
  readonly onTask: (task: {
    readonly taskId: string;
    readonly prefix: string;
    readonly window: Window;
  }) => Promise<void>;
  /** Told of how a task is now and then. */
  readonly onLook: (task: { readonly taskId: string; readonly status: string; readonly ageMs: number }) => void;
}

/** There are no more exports. */
export class Ended extends Error {
  override readonly name = "Ended";

  constructor(readonly ending: Ending) {
    super(ending.said);
  }
}

/** Creates export tasks one after the other, waits for each, and reads what it wrote. */
export class Exporter {
  readonly rights: TriedRight[] = [];
  private created = 0;

  /** @param untried rights without which an export is tried once each, one at a time */
  constructor(
    private readonly ports: ExporterPorts,
    private readonly untried: Right[],
  ) {}

  /**
   * @param event whose time is looked for in what was exported (epoch milliseconds)
   * @throws {Ended}
   */
  async export(purpose: Purpose, window: Window, event?: number): Promise<CompletedExport> {
    for (;;) {
      const right = this.untried.shift();
      try {
        const task = await this.complete(window, right ? [right] : []);
        if (right) this.rights.push({ right, isDemanded: false, said: "" });
        return { purpose, window, ...(await this.read(task, event)) };
      } catch (error) {
        const ending = endingOf(error);
        if (right === undefined || ending.kind === "slot-taken" || ending.kind === "no-end") throw new Ended(ending);
        this.rights.push({ right, isDemanded: true, said: ending.said });
      }
    }
  }

  private async complete(window: Window, without: readonly Right[]): Promise<ExportTask> {
    const { logGroup, account, day, archive, onTask } = this.ports;
    this.created += 1;
    const prefix = destinationPrefix(account, day);
    const request = {
      ...{ taskName: `${this.ports.name}/${this.created}`, logGroup, ...window },
      ...{ bucket: archive.bucket, destinationPrefix: prefix },
    };
    const logs = await this.ports.openLogs();
    const taskId = await this.create(request, await this.ports.openSlot(without), logs);
    await onTask({ taskId, window, prefix: `${prefix}/${taskId}/` });
    return this.waitFor(taskId, logs);
  }

  /** Never created twice: where the answer was lost, it is looked for by its name. */
  private async create(request: ExportRequest, slot: ExportSlot, logs: Logs): Promise<string> {
    const { clock } = this.ports;
    const search = new TaskSearch(logs, request.bucket);
    const askedAt = clock.now();
    const giveUpAt = askedAt + listingLagMs;
    for (;;) {
      try {
        return await slot.create(request);
      } catch (error) {
        if (error instanceof OutcomeUnknown) {
          for (; clock.now() < giveUpAt; await clock.sleep(betweenTriesMs)) {
            const lost = await search.lost(request, askedAt);
            if (lost) return lost.taskId;
          }
          throw error;
        }
        // The slot may be held a moment longer than its task is active.
        if (!(error instanceof SlotTaken) || clock.now() >= giveUpAt) throw error;
        const holder = await search.holder();
        if (holder) throw new SlotTaken(heldBy(holder), { cause: error });
        await clock.sleep(betweenTriesMs);
      }
    }
  }

  private async waitFor(taskId: string, logs: Logs): Promise<ExportTask> {
    const { clock, logGroup, onLook } = this.ports;
    const since = clock.now();
    for (;;) {
      const task = await logs.exportTask(taskId, logGroup);
      const ageMs = clock.now() - since;
      if (typeof task === "object" && !isActive(task)) {
        if (task.status === "COMPLETED") return task;
        throw new (deniedBy(task.message, logGroup) ?? LogGroupRefused)(`${task.status}: ${task.message}`);
      }
      if (ageMs > (task === "not-listed" ? listingLagMs : longestTaskMs))
        throw new Ended({
          kind: "no-end",
          said: `Export task ${taskId} ${task === "not-listed" ? "is not listed" : `has not ended within ${Math.round(ageMs / 60_000)} minutes`}. It ends by itself.`,
        });
      onLook({ taskId, ageMs, status: typeof task === "object" ? task.status : task });
      await clock.sleep(Math.min(15_000, Math.max(1_000, ageMs / 10)));
    }
  }

  private async read(
    { taskId, destinationPrefix: below, createdAt, completedAt = createdAt }: ExportTask,
    event: number | undefined,
  ): Promise<Omit<CompletedExport, "purpose" | "window">> {
    const { archive, clock } = this.ports;
    const prefix = `${below}/${taskId}/`;
    let listed = await currentObjects(archive, prefix);
    if (listed.length === 0 && event !== undefined) {
      await clock.sleep(secondLookMs);
      listed = await currentObjects(archive, prefix);
    }
    const objects: WrittenObject[] = [];
    let hasEvent = false;
    for (const object of listed) {
      const { isIn, ...written } = await readObject(archive, object, event);
      objects.push(written);
      hasEvent ||= isIn;
    }
    return { taskId, prefix, tookMs: completedAt - createdAt, objects, hasEvent };
  }
}

/** @throws {DamagedObject} */
async function readObject(
  archive: ArchiveReader,
  { key, size, etag }: CurrentObject,
  event: number | undefined,
): Promise<WrittenObject & { readonly isIn: boolean }> {
  const stored = await archive.stream(key);
  if (!stored) throw new DamagedObject(`${key} was listed, and is not there`);
  const hash = createHash("md5");
  const hashed = async function* () {
    for await (const piece of stored.bytes) {
      hash.update(piece);
      yield piece;
    }
  };
  let isIn = false;
  const { events } = await readExportedObject(hashed(), ({ timestamps }) => {
    isIn ||= event !== undefined && timestamps.includes(event);
  });
  return { key, size, events, isIn, md5: hash.digest("hex"), ...(etag === undefined ? {} : { etag }) };
}

export function heldBy({ taskId, logGroup, createdAt }: ExportTask): string {
  return `Export task ${taskId} of log group ${logGroup} has held the account's slot since ${new Date(createdAt).toISOString()}.`;
}

/** @throws what says nothing of how CloudWatch Logs exports */
function endingOf(error: unknown): Ending {
  if (error instanceof Ended) return error.ending;
  if (!(error instanceof Error)) throw error;
  const kind = kindOf(error);
  if (kind === undefined) throw error;
  return { kind, said: kind === "slot-taken" ? error.message : wordsOf(error) };
}

const ofLogGroup = [LogGroupDenied, LogGroupNotFound, LogGroupRefused, DamagedObject];

function kindOf(error: Error): Ending["kind"] | undefined {
  if (error instanceof CallerPermissionDenied) return "caller";
  if (error instanceof BucketPermissionDenied) return "bucket";
  if (error instanceof KeyAccessDenied) return "key";
  if (error instanceof SlotTaken) return "slot-taken";
  if (error instanceof OutcomeUnknown) return "no-end";
  return ofLogGroup.some((kind) => error instanceof kind) ? "log-group" : undefined;
}

/** With AWS's own name for it. */
function wordsOf({ message, cause }: Error): string {
  const name = cause instanceof Error ? cause.name : undefined;
  return name === undefined || message.startsWith(name) ? message : `${name}: ${message}`;
}

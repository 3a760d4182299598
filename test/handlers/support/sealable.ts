import { gzipSync } from "node:zlib";
import { seededUuid } from "../../../apps/emulator";
import { DryRunStore } from "../../../handlers/archive/dry-run";
import { FolderStore } from "../../../handlers/archive/folder-store";
import { receiptKey, taskPrefix } from "../../../handlers/archive/layout";
import { countObjects } from "../../../handlers/archive/receipts";
import type { Receipt } from "../../../handlers/archive/records";
import { type ArchiveStore, currentObjects } from "../../../handlers/archive/store";
import type { SealAccountInput } from "../../../handlers/contract/messages";
import { sealAccount } from "../../../handlers/seal-account/seal-account";
import type { SealingPorts } from "../../../handlers/seal-account/sealing";
import { account, receipt, region, utcDay } from "./examples";
import { yesterday } from "./organisation";

/** An archive in memory, for what takes no wire: of one run that was to archive one day of one account. */
export class Sealable {
  readonly run: SealAccountInput["run"];
  /** Epoch milliseconds. */
  now = Date.parse("2026-11-20T14:00:00.000Z");
  private tasks = 0;

  constructor(
    days: readonly string[] = [yesterday],
    backlog: readonly string[] = [],
    readonly archive: ArchiveStore = new DryRunStore(new FolderStore("/nowhere", "bucket")),
  ) {
    const at = new Date(this.now).toISOString();
    const deadline = new Date(this.now + 23 * 3_600_000).toISOString();
    this.run = {
      runId: "run-1",
      startedAt: at,
      deadline,
      days: days.map(utcDay),
      logGroups: null,
      backlog: [...backlog],
      backfill: [],
    };
  }

  /** Archives a log group's day: the objects of one task by stream, as text, and the receipt. */
  async put(logGroup: string, objects: Readonly<Record<string, string>>, day = yesterday): Promise<Receipt> {
    this.tasks += 1;
    const taskId = seededUuid(1, `${day} ${logGroup}`, this.tasks);
    const prefix = taskPrefix(account, day, taskId);
    for (const [stream, text] of Object.entries(objects))
      await this.archive.putOnce(`${prefix}${stream}/000000.gz`, gzipSync(text), "application/octet-stream");
    const { objects: number, bytes, listingSha256 } = countObjects(await currentObjects(this.archive, prefix));
    const [task] = receipt().tasks;
    if (!task) throw new Error("The example has a task");
    const counts = { objects: number, bytes };
    const { from, to } = utcDay(day);
    const committed = receipt({
      logGroup,
      day,
      from,
      to,
      ...counts,
      tasks: [{ ...task, taskId, prefix, from, to, ...counts, listingSha256 }],
    });
    await this.archive.putOnce(receiptKey(day, account, logGroup, 1), JSON.stringify(committed), "application/json");
    return committed;
  }

  /** One step. @param remainingMs of its function */
  step(cursor: SealAccountInput["cursor"] = null, changes: Partial<SealingPorts> = {}) {
    const clock = { now: () => this.now, sleep: async () => {} };
    const ports = {
      region,
      archive: this.archive,
      clock,
      requestId: "request",
      remainingMs: () => 900_000,
      ...changes,
    };
    return sealAccount({ run: this.run, account, cursor }, ports);
  }
}

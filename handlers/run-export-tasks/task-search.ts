import type { ExportRequest } from "../clients/export-slot";
import type { ExportTask } from "../clients/export-task";
import type { Logs } from "../clients/logs";
import { hasOurName, isTaskOf } from "./export-request";

/** Enough to see what was created a moment ago, as long as the newest are listed first: nothing relies on that order. */
const newestPages = 3;

/** The clocks of AWS and of a Lambda differ by less. */
const clockSkewMs = 10_000;

/** Finds export tasks whose ids nothing here knows. */
export class TaskSearch {
  private completed: readonly ExportTask[] | undefined;

  constructor(
    private readonly logs: Logs,
    private readonly bucket: string,
  ) {}

  /** The task that holds the account's slot, unless it is too new to be listed. */
  async holder(): Promise<ExportTask | undefined> {
    const [holder] = await this.logs.activeExportTasks();
    return holder;
  }

  /** The task of a request that was made at a moment (epoch milliseconds), and whose answer was lost. */
  async lost(request: ExportRequest, askedAt: number): Promise<ExportTask | undefined> {
    const isIt = (task: ExportTask) => isTaskOf(task, request) && task.createdAt >= askedAt - clockSkewMs;
    const active = (await this.logs.activeExportTasks()).find(isIt);
    return active ?? (await this.logs.newestExportTasks(newestPages)).find(isIt);
  }

  /** A completed task that goes by a request's name: all that the account has ever had are gone through, once. */
  async byName(request: ExportRequest): Promise<ExportTask | undefined> {
    if (!this.completed) {
      const ours: ExportTask[] = [];
      for await (const task of this.logs.completedExportTasks()) if (hasOurName(task, this.bucket)) ours.push(task);
      this.completed = ours;
    }
    return this.completed.find((task) => isTaskOf(task, request));
  }
}

import type { ExportRequest } from "../clients/export-slot";
import type { ExportTask, Logs } from "../clients/logs";
import { isTaskOf } from "./export-request";

/** Enough to see what a step that died, or a run beside this one, has created lately. */
const pages = 3;

/** What an account's export slot looked like at a moment: who holds it, and the newest tasks. */
export class SlotView {
  private constructor(
    readonly holder: ExportTask | undefined,
    private readonly tasks: readonly ExportTask[],
  ) {}

  static async look(logs: Logs): Promise<SlotView> {
    const active = await logs.activeExportTasks();
    const newest = await logs.newestExportTasks(pages);
    const ids = new Set(active.map(({ taskId }) => taskId));
    return new SlotView(active[0], [...active, ...newest.filter(({ taskId }) => !ids.has(taskId))]);
  }

  /** The tasks that are what a request would create, newest first. */
  tasksOf(request: ExportRequest): ExportTask[] {
    return this.tasks.filter((task) => isTaskOf(task, request)).sort((a, b) => b.createdAt - a.createdAt);
  }

  /** The same view once the slot is known to be free. */
  released(): SlotView {
    return new SlotView(undefined, this.tasks);
  }
}

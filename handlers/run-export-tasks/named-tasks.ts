import type { Item } from "../archive/items";
import type { Plan } from "../archive/records";
import type { ExportTask } from "../clients/export-task";
import type { Logs } from "../clients/logs";

/**
 * The export tasks that our own records name: what an earlier run left behind, or a step that died. Only these are adopted
 * without question. CreateExportTask takes a `logStreamNamePrefix` that DescribeExportTasks does not give back, so that a task
 * which merely goes by our name may hold a part of its window.
 */
export class NamedTasks {
  private readonly ids = new Map<number, string[]>();
  private looked: { readonly index: number; tasks: readonly ExportTask[] } | undefined;

  constructor(
    { begun }: Plan,
    private readonly logs: Logs,
  ) {
    for (const [index, taskId] of begun) this.add(index, taskId);
  }

  add(index: number, taskId: string): void {
    this.ids.set(index, [...(this.ids.get(index) ?? []), taskId]);
  }

  /** An item's tasks as CloudWatch Logs describes them; those that it does not list any more are left out. */
  async of({ index, group }: Item): Promise<readonly ExportTask[]> {
    if (this.looked?.index === index) return this.looked.tasks;
    const tasks: ExportTask[] = [];
    for (const taskId of new Set(this.ids.get(index))) {
      const task = await this.logs.exportTask(taskId, group.name);
      if (typeof task === "object") tasks.push(task);
    }
    this.looked = { index, tasks };
    return tasks;
  }

  /** Nothing more is to be made of a task. */
  forget(taskId: string): void {
    if (this.looked) this.looked.tasks = this.looked.tasks.filter((task) => task.taskId !== taskId);
  }
}

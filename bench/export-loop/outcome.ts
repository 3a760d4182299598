import type { ExportTaskRecord } from "../../apps/emulator";
import type { TasksName } from "./workload";

export type LoopName = "org-log-archive" | "recipe" | "fixed-10s" | "fixed-60s";

/** What one loop made of one day's exports. */
export interface Outcome {
  readonly loop: LoopName;
  readonly tasks: TasksName;
  readonly day: "cold" | "second";
  /** The share of the time, from the first task's creation to the last one's end, in which a task held the slot. */
  readonly slotUse: number;
  readonly usdPer1000: number;
  /** The number of the first export, from 1, that it does not get through. */
  readonly diesAtExport?: number;
}

export function slotUse(tasks: readonly ExportTaskRecord[]): number {
  const ended = tasks.filter(({ status }) => status === "COMPLETED");
  const busy = ended.reduce((sum, { created, finished }) => sum + (finished ?? created) - created, 0);
  const first = Math.min(...ended.map(({ created }) => created));
  const last = Math.max(...ended.map(({ created, finished }) => finished ?? created));
  return round(busy / (last - first), 4);
}

export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

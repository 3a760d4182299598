import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { parseLines } from "../../../handlers/archive/serialization";

const ExportTaskLine = z.object({
  account: z.string(),
  region: z.string(),
  id: z.string(),
  created: z.number(),
  finished: z.number().nullish(),
});

/** Export tasks of one account and Region that ran at the same time: CloudWatch Logs allows one. */
export function overlaps(directory: string): string[] {
  const path = join(directory, "export-tasks.jsonl");
  const tasks = existsSync(path) ? parseLines(ExportTaskLine, path, readFileSync(path, "utf8")) : [];
  const bySlot = new Map<string, z.infer<typeof ExportTaskLine>[]>();
  for (const task of tasks) {
    const slot = `${task.account} ${task.region}`;
    const ofSlot = bySlot.get(slot);
    if (ofSlot) ofSlot.push(task);
    else bySlot.set(slot, [task]);
  }
  return [...bySlot].flatMap(([slot, ofSlot]) => {
    const ordered = ofSlot.sort((a, b) => a.created - b.created);
    return ordered.flatMap((task, index) => {
      const next = ordered[index + 1];
      const overlap = next && next.created < (task.finished ?? Number.POSITIVE_INFINITY);
      return overlap ? [`${slot}: export tasks ${task.id} and ${next.id} overlap`] : [];
    });
  });
}

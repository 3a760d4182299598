import { itemAt, itemCount } from "../archive/items";
import { outcomesKey, planKey } from "../archive/layout";
import { Plan } from "../archive/records";
import { parseRecord, toLines } from "../archive/serialization";
import { readText } from "../archive/store";
import type { Progress, RunExportTasksInput } from "../contract/messages";
import { AccountLoop, type LoopPorts } from "./account-loop";
import { shortestStepMs } from "./pacing";
import type { HandBack } from "./patience";

/**
 * Works through an account's plan for a few minutes, and says how to go on. What became of the items is written to
 * `runs/<run id>/outcomes/` before it returns.
 */
export async function runExportTasks(
  input: RunExportTasksInput,
  ports: LoopPorts,
  requestId: string,
): Promise<Progress> {
  const { account, cursor, run } = input;
  const startedAt = ports.clock.now();
  const key = planKey(run.runId, account);
  const plan = parseRecord(Plan, key, await readText(ports.archive, key));
  const loop = new AccountLoop(input, plan, ports);
  const handBack = await loop.run();
  const shortest = shortestStepMs(input.historyEvents, Date.parse(run.deadline) - startedAt);
  if (loop.outcomes.length > 0)
    await ports.archive.putOnce(
      outcomesKey(run.runId, account, cursor.step, requestId),
      toLines(loop.outcomes),
      "application/x-ndjson",
    );
  const next = loop.cursor();
  const current = next.item ? itemAt(plan, next.item.index) : undefined;
  return {
    ...(handBack
      ? notBefore(startedAt + shortest, handBack, ports.clock.now())
      : { status: "finished", waitSeconds: 0 }),
    logGroup: current?.group.name ?? null,
    taskId: next.item?.running?.taskId ?? null,
    done: handBack ? Math.max(0, next.position - (next.item ? 1 : 0)) : itemCount(plan),
    total: itemCount(plan),
    cursor: next,
  };
}

/** The same way on, but not before a moment (epoch milliseconds). */
function notBefore(earliest: number, handBack: HandBack, now: number): HandBack {
  const seconds = Math.ceil((earliest - now) / 1000);
  return seconds > handBack.waitSeconds ? { status: "waiting", waitSeconds: seconds } : handBack;
}

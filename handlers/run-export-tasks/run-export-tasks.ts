import { itemAt, itemCount } from "../archive/items";
import { planKey } from "../archive/layout";
import { Plan } from "../archive/records";
import { parseRecord } from "../archive/serialization";
import { readText } from "../archive/store";
import type { Progress, RunExportTasksInput } from "../contract/messages";
import { AccountLoop, type LoopPorts } from "./account-loop";
import { NamedTasks } from "./named-tasks";
import { shortestStepMs } from "./pacing";
import type { HandBack } from "./patience";
import { begunByAttempts, StepRecord } from "./step-record";

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
  const id = { runId: run.runId, account, step: cursor.step };
  const named = new NamedTasks(plan, ports.logs);
  for (const { index, taskId } of await begunByAttempts(id, plan, ports.archive)) named.add(index, taskId);
  const loop = new AccountLoop(input, plan, named, new StepRecord({ ...id, requestId }, ports.archive), ports);
  const handBack = await loop.run();
  const shortest = shortestStepMs(input.historyEvents, Date.parse(run.deadline) - startedAt);
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

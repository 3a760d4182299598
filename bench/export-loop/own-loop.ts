import { type CallRecord, Emulator, type ExecutionEvent, type Fault, VirtualClock } from "../../apps/emulator";
import { destinationPrefix } from "../../handlers/archive/layout";
import { type Outcome, round, slotUse } from "./outcome";
import { lambdaDollars, latencies, prices } from "./prices";
import { days, durationMs, exportCount, logArchiveAccount, member, runAt, type TasksName, workload } from "./workload";

/** The states of an account's loop, and the function that works in it. */
const loopStates: ReadonlySet<string> = new Set(["RunExportTasks", "NextStep", "WaitForExportTask"]);
const loopFunction = "RunExportTasks";
const loopRole = /run-export-tasks/;

/** Runs what `cdk synth` wrote, as it is, on both days. */
export async function runOwnLoop(assembly: string, tasks: TasksName): Promise<Outcome[]> {
  let day: string = days[0];
  const entered: string[] = [];
  const clock = new VirtualClock({ start: runAt(day) });
  const emulator = await Emulator.open({
    ...{ assembly, clock, logArchiveAccount, latencies, world: workload(tasks), evaluatePolicies: false },
    faults: (call): Fault | undefined =>
      call.operation === "CreateExportTask"
        ? { kind: "export-task", durationMs: durationMs(tasks, String(call.input.logGroupName), day) }
        : undefined,
    onEvent: (event: ExecutionEvent) => {
      if (event.type === "state-entered" && loopStates.has(event.state)) entered.push(event.state);
    },
  });
  try {
    const { cloud, deployment } = emulator;
    const [stateMachine] = deployment.stateMachines;
    const step = deployment.functions.find(({ configuration }) => configuration.functionName.includes(loopFunction));
    if (!stateMachine || !step)
      throw new Error("The assembly has no state machine, or no function for the loop's step");
    const outcomes: Outcome[] = [];
    for (day of days) {
      await clock.sleep(Math.max(0, runAt(day) - clock.now()));
      const before = { milliseconds: step.milliseconds, calls: cloud.calls.length, entered: entered.length };
      const input = { scheduledTime: new Date(runAt(day)).toISOString(), days: [day] };
      const { stateMachineArn } = stateMachine;
      const { status, cause } = await deployment.startExecution({ stateMachineArn, name: `run-${day}`, input });
      if (status !== "SUCCEEDED") throw new Error(`The run of ${day} ended ${status}: ${cause}`);
      const exports = cloud.logs
        .exportTasks()
        .filter((task) => task.destinationPrefix === destinationPrefix(member, day));
      const steps = entered.slice(before.entered);
      const invocations = steps.filter((state) => state === loopFunction).length;
      const dollars =
        lambdaDollars(step.milliseconds - before.milliseconds, step.configuration.memorySize, invocations) +
        steps.length * prices.transition +
        s3Dollars(cloud.calls.slice(before.calls));
      outcomes.push({
        ...{ loop: "org-log-archive", tasks, day: day === days[0] ? "cold" : "second", slotUse: slotUse(exports) },
        usdPer1000: round((dollars / exports.length) * 1000, 4),
        ...(exports.length < exportCount(tasks) ? { diesAtExport: exports.length + 1 } : {}),
      });
    }
    return outcomes;
  } finally {
    await emulator.close();
  }
}

/** What the loop's step asked of S3. */
function s3Dollars(calls: readonly CallRecord[]): number {
  return calls
    .filter(({ service, principal }) => service === "s3" && loopRole.test(principal.arn))
    .reduce((sum, { operation }) => sum + (/^(Put|List)/.test(operation) ? prices.s3Write : prices.s3Read), 0);
}

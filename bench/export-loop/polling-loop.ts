import { Emulator, type Fault, interpret, type TaskRequest, VirtualClock } from "../../apps/emulator";
import { type LoopName, type Outcome, round, slotUse } from "./outcome";
import { lambdaDollars, latencies, prices } from "./prices";
import {
  days,
  durationMs,
  exportCount,
  logArchiveAccount,
  member,
  region,
  runAt,
  type TasksName,
  workload,
} from "./workload";

/** A loop that looks at its task in fixed intervals through a Wait state. */
export interface PollingLoop {
  readonly loop: LoopName;
  readonly waitSeconds: number;
  /** The recipe knows the log groups that one page of DescribeLogGroups shows. */
  readonly knowsAllLogGroups: boolean;
}

/**
 * The usual recipe has a loop of a function and a wait of a second over all log groups: its definition, in JSONata. The other
 * two are the same with longer waits, over all log groups there are.
 */
export const pollingLoops: readonly PollingLoop[] = [
  { loop: "recipe", waitSeconds: 1, knowsAllLogGroups: false },
  { loop: "fixed-10s", waitSeconds: 10, knowsAllLogGroups: true },
  { loop: "fixed-60s", waitSeconds: 60, knowsAllLogGroups: true },
];

const memoryMegabytes = 128;
const bucket = "exports";

const arn = (name: string) => `arn:aws:lambda:${region}:${member}:function:${name}`;
const output = "{% $merge([$states.input, $states.result]) %}";

function definition(waitSeconds: number): object {
  const call = (name: string, Next: string) => ({ Type: "Task", Resource: arn(name), Output: output, Next });
  const status = (...codes: string[]) => `{% $states.input.status in ${JSON.stringify(codes)} %}`;
  return {
    QueryLanguage: "JSONata",
    StartAt: "Configure",
    States: {
      Configure: { Type: "Pass", Output: { index: 0 }, Next: "DescribeLogGroups" },
      DescribeLogGroups: call("DescribeLogGroups", "ExportLogGroup"),
      ExportLogGroup: call("ExportLogGroup", "DescribeExportTask"),
      DescribeExportTask: call("DescribeExportTask", "IsExportTask"),
      IsExportTask: {
        Type: "Choice",
        Choices: [
          { Condition: status("COMPLETED"), Next: "IsComplete" },
          { Condition: status("PENDING", "RUNNING"), Next: "WaitSeconds" },
        ],
        Default: "Fail",
      },
      WaitSeconds: { Type: "Wait", Seconds: waitSeconds, Next: "DescribeExportTask" },
      IsComplete: {
        Type: "Choice",
        Choices: [{ Condition: "{% $states.input.isLast %}", Next: "Succeed" }],
        Default: "ExportLogGroup",
      },
      Succeed: { Type: "Succeed" },
      Fail: { Type: "Fail", Error: "TaskDidNotComplete" },
    },
  };
}

/** Runs a polling loop on one day: it learns nothing for the next one. */
export async function runPollingLoop({ loop, waitSeconds, knowsAllLogGroups }: PollingLoop, tasks: TasksName) {
  const [day] = days;
  const clock = new VirtualClock({ start: runAt(day) });
  const emulator = await Emulator.open({
    ...{ clock, logArchiveAccount, world: workload(tasks) },
    faults: (call): Fault | undefined =>
      call.operation === "CreateExportTask"
        ? { kind: "export-task", durationMs: durationMs(tasks, String(call.input.logGroupName), day) }
        : undefined,
  });
  const { cloud } = emulator;
  cloud.s3.createBucket({ name: bucket, region, account: member, versioning: false });
  const identity = cloud.iam.issueCredentials(`arn:aws:iam::${member}:root`, "loop");
  let billedMs = 0;
  const started = new Set<string>();
  let invocations = 0;

  const ask = async (operation: string, input: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> => {
    await clock.sleep(latencies.api / 2);
    const answer = await cloud.invoke({ service: "logs", operation, region, identity, input });
    await clock.sleep(latencies.api / 2);
    return { ...answer };
  };
  const functions: Readonly<Record<string, (input: Record<string, unknown>) => Promise<object>>> = {
    [arn("DescribeLogGroups")]: async () => {
      const names: unknown[] = [];
      let nextToken: unknown;
      do {
        const page = await ask("DescribeLogGroups", nextToken === undefined ? {} : { nextToken });
        names.push(...[page.logGroups].flat().map((group) => Object(group).logGroupName));
        nextToken = page.nextToken;
      } while (knowsAllLogGroups && nextToken !== undefined);
      return { logGroups: names };
    },
    [arn("ExportLogGroup")]: async ({ index, logGroups }) => {
      const next = Number(index) + 1;
      const names = [logGroups].flat();
      const window = { from: Date.parse(day), to: Date.parse(day) + 86_400_000 - 1 };
      const destination = { destination: bucket, destinationPrefix: day.replaceAll("-", "") };
      const { taskId } = await ask("CreateExportTask", {
        logGroupName: names[Number(index)],
        ...window,
        ...destination,
      });
      return { index: next, isLast: next === names.length, taskId };
    },
    [arn("DescribeExportTask")]: async ({ taskId }) => {
      const { exportTasks } = await ask("DescribeExportTasks", { taskId });
      return { status: Object(Object([exportTasks].flat()[0]).status).code };
    },
  };
  const invokeTask = async ({ functionName, payload }: TaskRequest): Promise<unknown> => {
    const isCold = !started.has(functionName);
    started.add(functionName);
    await clock.sleep(isCold ? latencies.coldStart : latencies.warmStart);
    const began = clock.now();
    const result = await functions[functionName]?.(Object(payload));
    billedMs += clock.now() - began + (isCold ? latencies.coldStart : 0);
    invocations += 1;
    return result;
  };
  try {
    const execution = await interpret(definition(waitSeconds), {
      ...{ clock, invokeTask, random: () => 0.5, uuid: () => "id", transitionMilliseconds: latencies.transition },
    });
    cloud.catchUp();
    const exports = cloud.logs.exportTasks();
    // The one in whose midst it died is not through.
    const through = execution.status === "SUCCEEDED" ? exports.length : Math.max(1, exports.length - 1);
    const dollars = lambdaDollars(billedMs, memoryMegabytes, invocations) + execution.transitions * prices.transition;
    return (["cold", "second"] as const).map(
      (when): Outcome => ({
        ...{ loop, tasks, day: when, slotUse: slotUse(exports) },
        usdPer1000: round((dollars / through) * 1000, 4),
        ...(through < exportCount(tasks) ? { diesAtExport: through + 1 } : {}),
      }),
    );
  } finally {
    await emulator.close();
  }
}

import { type CallRecord, Emulator, type ExecutionEvent, type Fault, VirtualClock } from "../../apps/emulator";
import { latencies } from "../export-loop/prices";
import { logArchiveAccount, organisationOf, type Size, startsAt } from "./organisations";

/** How much of what AWS limits a run has taken: the most of each. */
export interface RunSize {
  readonly historyEvents: number;
  /** Of what one state hands to the next. */
  readonly payloadKilobytes: number;
  readonly functionSeconds: number;
  /** In one account, on average over ten seconds. */
  readonly describeExportTasksPerSecond: number;
  readonly createExportTaskPerSecond: number;
  readonly describeLogGroupsPerSecond: number;
  readonly describeLogStreamsPerSecond: number;
}

const exportMs = 5_000;
const rateOverMs = 10_000;

/** Runs what `cdk synth` wrote in an organisation of a size. */
export async function measureRun(assembly: string, size: Size): Promise<RunSize> {
  let historyEvents = 0;
  let payloadBytes = 0;
  let functionMs = 0;
  const entered = new Map<string, number>();
  const clock = new VirtualClock({ start: startsAt });
  const emulator = await Emulator.open({
    ...{ assembly, clock, logArchiveAccount, latencies, world: organisationOf(size), evaluatePolicies: false },
    faults: ({ operation }): Fault | undefined =>
      operation === "CreateExportTask" ? { kind: "export-task", durationMs: exportMs } : undefined,
    onEvent: (event: ExecutionEvent) => {
      historyEvents = Math.max(historyEvents, event.historyEvents);
      if (event.type === "state-entered") {
        entered.set(event.executionArn, event.at);
        payloadBytes = Math.max(payloadBytes, bytesOf(event.input));
      }
      if (event.type !== "state-exited") return;
      payloadBytes = Math.max(payloadBytes, bytesOf(event.output));
      if (functionStates.has(event.state))
        functionMs = Math.max(functionMs, event.at - (entered.get(event.executionArn) ?? event.at));
    },
  });
  try {
    const { cloud, deployment } = emulator;
    const [stateMachine] = deployment.stateMachines;
    if (!stateMachine) throw new Error("The assembly has no state machine");
    const input = { scheduledTime: new Date(startsAt).toISOString() };
    const { stateMachineArn } = stateMachine;
    const { status, cause } = await deployment.startExecution({ stateMachineArn, name: "run", input });
    if (status !== "SUCCEEDED") throw new Error(`The run ended ${status}: ${cause}`);
    const rate = (operation: string) => largestRate(cloud.calls.filter((call) => call.operation === operation));
    return {
      historyEvents,
      payloadKilobytes: Number((payloadBytes / 1024).toFixed(1)),
      functionSeconds: Math.round(functionMs / 1000),
      describeExportTasksPerSecond: rate("DescribeExportTasks"),
      createExportTaskPerSecond: rate("CreateExportTask"),
      describeLogGroupsPerSecond: rate("DescribeLogGroups"),
      describeLogStreamsPerSecond: rate("DescribeLogStreams"),
    };
  } finally {
    await emulator.close();
  }
}

const functionStates: ReadonlySet<string> = new Set([
  ...["ListAccounts", "PlanExports", "RunExportTasks", "RecordCoverage", "SealAccount", "ReportRun", "SignDigest"],
]);

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? "");
}

/** The most calls a second that any account saw, over ten seconds. */
function largestRate(calls: readonly CallRecord[]): number {
  const counts = new Map<string, number>();
  for (const { principal, at } of calls) {
    const key = `${principal.account} ${Math.floor(at / rateOverMs)}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return Number(((Math.max(0, ...counts.values()) / rateOverMs) * 1000).toFixed(1));
}

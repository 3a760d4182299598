import { execFileSync } from "node:child_process";
import { z } from "zod";
import { type CallRecord, Emulator, type ExecutionEvent, type Fault, VirtualClock } from "../../apps/emulator";
import { latencies } from "../export-loop/prices";
import { logArchiveAccount, organisationOf, type Size, startsAt } from "./organisations";

/** How much of what AWS limits a run has taken: the most of each. */
export const RunSize = z.object({
  historyEvents: z.number(),
  /** Of what one state hands to the next. */
  payloadKilobytes: z.number(),
  functionSeconds: z.number(),
  /** In one account, on average over ten seconds. */
  describeExportTasksPerSecond: z.number(),
  /** The same over a minute: what the loop may take in the long run. */
  describeExportTasksInAMinute: z.number(),
  createExportTaskPerSecond: z.number(),
  describeLogGroupsPerSecond: z.number(),
  describeLogStreamsPerSecond: z.number(),
});
export type RunSize = z.infer<typeof RunSize>;

const exportMs = 5_000;
const rateOverMs = 10_000;
const longRateOverMs = 60_000;

/** Runs what `cdk synth` wrote in an organisation of a size, in a process of its own, whose memory the next size does not find full. */
export function runOfSize(assembly: string, { accounts, logGroups, days }: Size): RunSize {
  // Traces of errors, such as S3's for what is not there yet, take a part of the time, and no one reads them.
  const args = ["--stack-trace-limit=0", "--max-old-space-size=8000", "--import", "tsx", __filename];
  const size = [accounts, logGroups, days].map(String);
  return RunSize.parse(JSON.parse(execFileSync(process.execPath, [...args, assembly, ...size], { encoding: "utf8" })));
}

async function measureRun(assembly: string, size: Size): Promise<RunSize> {
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
    const rate = (operation: string, overMs = rateOverMs) =>
      largestRate(
        cloud.calls.filter((call) => call.operation === operation),
        overMs,
      );
    return {
      historyEvents,
      payloadKilobytes: Number((payloadBytes / 1024).toFixed(1)),
      functionSeconds: Math.round(functionMs / 1000),
      describeExportTasksPerSecond: rate("DescribeExportTasks"),
      describeExportTasksInAMinute: rate("DescribeExportTasks", longRateOverMs),
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

/** The most calls a second that any account saw, on average over so many milliseconds. */
function largestRate(calls: readonly CallRecord[], overMs: number): number {
  const counts = new Map<string, number>();
  for (const { principal, at } of calls) {
    const key = `${principal.account} ${Math.floor(at / overMs)}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return Number(((Math.max(0, ...counts.values()) / overMs) * 1000).toFixed(1));
}

async function main([assembly = "", ...size]: readonly string[]): Promise<void> {
  const [accounts = 0, logGroups = 0, days = 0] = size.map(Number);
  process.stdout.write(`${JSON.stringify(await measureRun(assembly, { accounts, logGroups, days }))}\n`);
}

if (require.main === module) void main(process.argv.slice(2));

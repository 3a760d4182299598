import type { z } from "zod";
import type { Execution, ExecutionEvent } from "../../../apps/emulator";
import type { ConfigurationInput } from "../../../constructs/configuration";
import {
  Progress,
  RecordCoverageOutput,
  ReportRunOutput,
  SealProgress,
  SignDigestOutput,
} from "../../../handlers/contract/messages";
import type { Emulated } from "./emulated";
import type { RunSetup } from "./handler-calls";
import { configuration } from "./organisation";

/** What people see of a step, and when it began and ended (epoch milliseconds), its retries included. */
export interface Step extends z.infer<typeof Shown> {
  readonly began: number;
  readonly ended: number;
}
const Shown = Progress.omit({ cursor: true, waitSeconds: true });

export interface AccountRun {
  readonly steps: readonly Step[];
  readonly outcome: RecordCoverageOutput;
  /** What people see of the sealing's last step; absent if the execution ended before it. */
  readonly sealing?: z.infer<typeof ShownSealing>;
}
const ShownSealing = SealProgress.omit({ cursor: true });

export interface EndedRun {
  readonly execution: Execution;
  /** Those that recorded their coverage. */
  readonly accounts: readonly AccountRun[];
  readonly report: ReportRunOutput;
  readonly signed: SignDigestOutput;
}

/**
 * A run of the synthesised state machine with its bundled handlers, from its start to its signature.
 * @throws {RunDied}
 */
export async function runOnce(emulated: Emulated, setup: RunSetup = {}): Promise<EndedRun> {
  const { runId = "run-1", request = {} } = setup;
  const { startExecution, stateMachines } = emulated.deploy(configurationOf(setup));
  const [{ stateMachineArn } = { stateMachineArn: "" }] = stateMachines;
  const from = emulated.events.length;
  const execution = await startExecution({ stateMachineArn, name: runId, input: request });
  const events = emulated.events.slice(from);
  const [closed] = outputs(events, execution.executionArn, "SignDigest");
  const report = ReportRunOutput.safeParse(closed?.output);
  if (!report.success) throw new RunDied(`${execution.error}: ${execution.cause}`);
  const signed = SignDigestOutput.strip().parse(closed?.output);
  return { execution, accounts: accountRuns(events, execution), report: report.data, signed };
}

/** It has not even reported, or is not signed. */
export class RunDied extends Error {
  override readonly name = "RunDied";
}

function configurationOf({ runId, request, schedule, targets, ...settings }: RunSetup): ConfigurationInput {
  return {
    ...configuration,
    ...settings,
    ...(schedule === undefined ? {} : { schedule: { expression: schedule, timeZone: "UTC" } }),
    targets: { ...configuration.targets, ...targets },
  };
}

function accountRuns(events: readonly ExecutionEvent[], { executionArn }: Execution): AccountRun[] {
  const children = events.filter(({ type, parent }) => type === "execution-started" && parent === executionArn);
  return children.flatMap((child): AccountRun[] => {
    const steps = outputs(events, child.executionArn, "RunExportTasks").flatMap(({ output, began, ended }) => {
      const shown = Shown.safeParse(output);
      return shown.success ? [{ ...shown.data, began, ended }] : [];
    });
    const [recorded] = outputs(events, child.executionArn, "RecordCoverage");
    const outcome = RecordCoverageOutput.safeParse(recorded?.output);
    const last = ShownSealing.safeParse(outputs(events, child.executionArn, "SealAccount").at(-1)?.output);
    const sealing = last.success ? { sealing: last.data } : {};
    return outcome.success ? [{ steps, outcome: outcome.data, ...sealing }] : [];
  });
}

/** What a state of an execution came to each time that it was entered. */
function outputs(events: readonly ExecutionEvent[], executionArn: string, state: string) {
  let began = 0;
  return events.flatMap((event) => {
    if (event.executionArn !== executionArn || !("state" in event) || event.state !== state) return [];
    if (event.type === "state-exited") return [{ output: event.output, began, ended: event.at }];
    began = event.at;
    return [];
  });
}

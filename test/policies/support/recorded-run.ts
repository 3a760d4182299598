import {
  type AccessRequest,
  type Call,
  type Cloud,
  type Deployment,
  Emulator,
  type Fate,
  type Fault,
  type Policies,
  VirtualClock,
} from "../../../apps/emulator";
import { assembly } from "../../support/assembly";
import { configuration } from "./configuration";
import { day, logArchiveAccount, otherMember, runAt, world } from "./world";

/** What a deployment was asked for by its runs, and the policies that allowed it. */
export interface RecordedRun {
  readonly cloud: Cloud;
  readonly deployment: Deployment;
  readonly policies: Policies;
  /** In the order in which they were asked. */
  readonly requests: readonly AccessRequest[];
  /** The ARNs of the functions that were invoked. */
  readonly invoked: ReadonlySet<string>;
}

/**
 * Both Regions' scheduled runs, with deaths in them, and a second run of the same day: all by the deployed policies.
 */
export async function recordRun(): Promise<RecordedRun> {
  const clock = new VirtualClock({ start: runAt });
  const requests: AccessRequest[] = [];
  const invoked = new Set<string>();
  const invocations = new Map<string, number>();
  const emulator = await Emulator.open({
    assembly: assembly(configuration, { code: true }),
    world,
    clock,
    logArchiveAccount,
    faults: lost,
    authorize: (request) => {
      requests.push(request);
      return undefined;
    },
    onInvoke: (name, event) => {
      for (const { configuration: found } of emulator.deployment.functions)
        if (found.functionName === name) invoked.add(found.functionArn);
      invocations.set(name, (invocations.get(name) ?? 0) + 1);
      return fate(name, event, invocations.get(name) ?? 0);
    },
  });
  try {
    const { cloud, deployment } = emulator;
    for (const schedule of deployment.schedules) await deployment.fire(schedule, runAt);
    for (const { stateMachineArn } of deployment.stateMachines)
      await deployment.startExecution({
        stateMachineArn,
        name: "again",
        input: { scheduledTime: new Date(runAt).toISOString(), days: [day] },
      });
    return { cloud, deployment, policies: cloud, requests, invoked };
  } finally {
    await emulator.close();
  }
}

/** In the first runs, whatever can die after it has had an effect does: only then is it read what was written before. */
function fate(functionName: string, event: unknown, invocation: number): Fate | undefined {
  const text = JSON.stringify(event);
  if (text.includes("again")) return undefined;
  if (functionName.includes("RecordCoverage") && text.includes(otherMember)) return "die-before";
  return /ListAccounts|PlanExports/.test(functionName) && invocation === 1 ? "die-after" : undefined;
}

/** The outcomes of these accounts' steps are lost, their receipts are not. */
function lost({ operation, input }: Call): Fault | undefined {
  const isOutcome = new RegExp(`^runs/(?!again).*/outcomes/(${otherMember}|${logArchiveAccount})/`).test(
    String(input.Key),
  );
  if (operation !== "PutObject" || !isOutcome) return undefined;
  return { kind: "error", name: "ServiceUnavailable", status: 503 };
}

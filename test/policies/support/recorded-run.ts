import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { synthesize } from "../../../apps/demo/synthesis";
import { DeployedPolicies, policyAuthorizer } from "../../../apps/emulator/authorization";
import { type Deployment, deploy, type Fate, VirtualClock } from "../../../apps/emulator/runtime";
import { Cloud, serve } from "../../../apps/emulator/services";
import type { AccessRequest, Call, Fault } from "../../../apps/emulator/services/calls";
import { parseConfiguration } from "../../../constructs/configuration";
import { configuration } from "./configuration";
import { day, logArchiveAccount, otherMember, runAt, world } from "./world";

/** What a deployment was asked for by its runs, and the policies that allowed it. */
export interface RecordedRun {
  readonly cloud: Cloud;
  readonly deployment: Deployment;
  readonly policies: DeployedPolicies;
  /** In the order in which they were asked. */
  readonly requests: readonly AccessRequest[];
  /** The ARNs of the functions that were invoked. */
  readonly invoked: ReadonlySet<string>;
}

/**
 * Both Regions' scheduled runs, with deaths in them, and a second run of the same day: all by the deployed policies.
 */
export async function recordRun(): Promise<RecordedRun> {
  const assemblyDirectory = mkdtempSync(join(tmpdir(), "org-log-archive-policies-"));
  const clock = new VirtualClock({ start: runAt });
  const policies = new DeployedPolicies();
  const authorize = policyAuthorizer(policies);
  const requests: AccessRequest[] = [];
  const invoked = new Set<string>();
  const invocations = new Map<string, number>();
  const cloud = new Cloud({
    world,
    clock,
    seed: 1,
    logArchiveAccount,
    faults: lost,
    authorize: (request) => {
      requests.push(request);
      return authorize(request);
    },
  });
  const server = await serve(cloud);
  try {
    synthesize(parseConfiguration(configuration), assemblyDirectory);
    const deployment = await deploy({
      assemblyDirectory,
      cloud,
      endpoint: server.endpoint,
      clock,
      seed: 1,
      onInvoke: (name, event) => {
        for (const { configuration: found } of deployment.functions)
          if (found.functionName === name) invoked.add(found.functionArn);
        invocations.set(name, (invocations.get(name) ?? 0) + 1);
        return fate(name, event, invocations.get(name) ?? 0);
      },
    });
    policies.deployed(cloud, deployment.stacks);
    for (const schedule of deployment.schedules) await deployment.fire(schedule, runAt);
    for (const { stateMachineArn } of deployment.stateMachines)
      await deployment.startExecution({
        stateMachineArn,
        name: "again",
        input: { scheduledTime: new Date(runAt).toISOString(), days: [day] },
      });
    return { cloud, deployment, policies, requests, invoked };
  } finally {
    await server.close();
    rmSync(assemblyDirectory, { recursive: true, force: true });
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

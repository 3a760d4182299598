import { planKey } from "../archive/layout";
import { Plan } from "../archive/records";
import type { Archive } from "../archive/s3-store";
import { parseRecord } from "../archive/serialization";
import type { Logs } from "../clients/logs";
import type { Clock } from "../clock";
import type { PlanExportsInput, Progress } from "../contract/messages";
import { LogGroupFilter } from "./log-group-filter";
import { makePlan } from "./plan";
import { readSettled } from "./settled";

export interface PlanExportsPorts {
  readonly region: string;
  readonly clock: Clock;
  readonly archive: Archive;
  readonly logs: Logs;
}

/** Plans an account's exports into `runs/<run id>/plans/<account>.json`; a plan that an earlier attempt wrote stands. */
export async function planExports(input: PlanExportsInput, ports: PlanExportsPorts): Promise<Progress> {
  const { account, run } = input;
  const logGroups = [];
  for await (const group of ports.logs.logGroups()) logGroups.push(group);
  const { excludeTag } = input.settings;
  const tagged = new Set<string>();
  if (excludeTag) for await (const name of ports.logs.logGroupsTagged(excludeTag)) tagged.add(name);
  const settled = [];
  for (const { day } of run.days) settled.push(await readSettled(ports.archive, day, account));
  const plan = makePlan({
    account,
    region: ports.region,
    runId: run.runId,
    days: run.days,
    logGroups,
    filter: new LogGroupFilter(input.settings, tagged),
    settled,
    now: ports.clock.now(),
  });
  const key = planKey(run.runId, account);
  const written = await ports.archive.putOnce(key, JSON.stringify(plan), "application/json");
  const standing = written === "written" ? plan : parseRecord(Plan, key, await ports.archive.get(key));
  return {
    status: standing.items.length > 0 ? "more" : "finished",
    waitSeconds: 0,
    logGroup: null,
    taskId: null,
    done: 0,
    total: standing.items.length,
    cursor: { step: 0, position: 0, item: null, foreignSince: null },
  };
}

import { itemCount } from "../archive/items";
import { planKey } from "../archive/layout";
import { Plan } from "../archive/records";
import { parseRecord } from "../archive/serialization";
import { type ArchiveReader, type ArchiveStore, readText } from "../archive/store";
import type { Logs } from "../clients/logs";
import type { Clock } from "../clock";
import { firstCursor, type PlanExportsInput, type Progress } from "../contract/messages";
import { LogGroupFilter } from "./log-group-filter";
import { makePlan, type PlanSources } from "./plan";
import { readSettled } from "./settled";

/** What a plan is gathered from: nothing of it is written to. */
export interface PlanPorts {
  readonly region: string;
  readonly clock: Clock;
  readonly archive: ArchiveReader;
  readonly logs: Logs;
}

/** Plans an account's exports into `runs/<run id>/plans/<account>.json`; a plan that an earlier attempt wrote stands. */
export async function planExports(
  input: PlanExportsInput,
  ports: PlanPorts & { readonly archive: ArchiveStore },
): Promise<Progress> {
  return writePlan(makePlan(await gatherPlan(input, ports)), ports.archive);
}

/** Reads what an account has and what is settled of it. */
export async function gatherPlan({ account, run, settings }: PlanExportsInput, ports: PlanPorts): Promise<PlanSources> {
  const logGroups = [];
  const isAsked = (name: string) => run.logGroups?.includes(name) ?? true;
  for await (const group of ports.logs.logGroups()) if (isAsked(group.name)) logGroups.push(group);
  const { excludeTag } = settings.logGroups;
  const tagged = new Set<string>();
  if (excludeTag) for await (const name of ports.logs.logGroupsTagged(excludeTag)) tagged.add(name);
  const names = logGroups.map(({ name }) => name);
  const settled = [];
  for (const { day } of run.days) settled.push(await readSettled(ports.archive, day, account, names));
  return {
    account,
    region: ports.region,
    runId: run.runId,
    days: run.days,
    backfill: run.backfill,
    asked: run.logGroups,
    logGroups,
    filter: new LogGroupFilter(settings.logGroups, tagged),
    settled,
    now: ports.clock.now(),
  };
}

async function writePlan(plan: Plan, archive: ArchiveStore): Promise<Progress> {
  const key = planKey(plan.runId, plan.account);
  const written = await archive.putOnce(key, JSON.stringify(plan), "application/json");
  const standing = written === "written" ? plan : parseRecord(Plan, key, await readText(archive, key));
  return {
    status: itemCount(standing) > 0 ? "more" : "finished",
    waitSeconds: 0,
    logGroup: null,
    taskId: null,
    done: 0,
    total: itemCount(standing),
    cursor: firstCursor,
  };
}

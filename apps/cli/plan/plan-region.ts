import pMap from "p-map";
import { dayOfFolder, receiptsRoot } from "../../../handlers/archive/layout";
import type { AccountList, ListedAccount } from "../../../handlers/archive/records";
import type { ArchiveReader } from "../../../handlers/archive/store";
import type { Logs } from "../../../handlers/clients/logs";
import type { Organizations } from "../../../handlers/clients/organizations";
import { isThrottled } from "../../../handlers/clients/retries";
import type { Clock } from "../../../handlers/clock";
import { permanentErrors } from "../../../handlers/contract/errors";
import type { RunRequest } from "../../../handlers/contract/messages";
import { reason } from "../../../handlers/contract/reasons";
import type { PlanSettings, RunSettings } from "../../../handlers/contract/settings";
import { readBackfill } from "../../../handlers/list-accounts/backfill";
import { decideAccounts, gatherAccounts } from "../../../handlers/list-accounts/list-accounts";
import { makePlan } from "../../../handlers/plan-exports/plan";
import { gatherPlan } from "../../../handlers/plan-exports/plan-exports";
import { type Experience, readExperience, receiptsToRead } from "./experience";
import { type Forecast, forecast, type PlannedAccount, summarizePlan, type UnreachableAccount } from "./forecast";
import { SweptRecords } from "./swept-records";

/** What a run of one Region is planned from: nothing of it can be written to. */
export interface RegionPorts {
  readonly region: string;
  readonly clock: Clock;
  readonly archive: ArchiveReader;
  readonly organizations: Organizations;
  /** An account's CloudWatch Logs. */
  readonly logsOf: (account: string) => Promise<Logs>;
}

export interface RegionPlanSettings extends RunSettings, PlanSettings {
  readonly maxConcurrentAccounts: number;
}

/** Accounts planned at a time. */
const concurrency = 48;
/** Accounts whose records are held at a time. */
const batchSize = 240;
/** Of so few accounts, listing each one's records is less than listing those of all. */
const fewAccounts = 20;
/** Days whose receipts tell how long exports take, besides the run's own. */
const daysOfExperience = 2;

/**
 * What a run would do that started now, by the code that plans runs: it gathers and decides, and writes nothing.
 * @param onProgress told after each account
 * @throws {InvalidInput} when a day cannot be archived yet, or an account is not in the organisation.
 */
export async function planRegion(
  request: RunRequest,
  settings: RegionPlanSettings,
  ports: RegionPorts,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<Forecast> {
  const { clock, archive, organizations, region } = ports;
  const execution = { name: "plan", startTime: new Date(clock.now()).toISOString() };
  const input = { execution, request, settings };
  const list = decideAccounts(input, await gatherAccounts(input, organizations, archive), await readBackfill(archive));
  const toPlan = list.accounts.filter(({ skipped }) => !skipped).sort((a, b) => (a.id < b.id ? -1 : 1));
  const recent = await newestDays(archive);
  const swept =
    toPlan.length > fewAccounts
      ? new SweptRecords(archive, [...new Set([...list.days.map(({ day }) => day), ...recent])])
      : undefined;
  const experienceOf = (account: string) =>
    readExperience(swept ?? archive, account, recent, receiptsToRead(toPlan.length));
  const planned = new Map<string, PlannedAccount>();
  const unreachable: UnreachableAccount[] = [];
  let done = 0;
  for (let start = 0; start < toPlan.length; start += batchSize) {
    const batch = toPlan.slice(start, start + batchSize);
    await swept?.goOnTo(batch.map(({ id }) => id));
    const plan = async (account: ListedAccount) => {
      const found = await planAccount(account, list, experienceOf, settings, { ...ports, archive: swept ?? archive });
      if ("reason" in found) unreachable.push(found);
      else planned.set(account.id, found);
      done += 1;
      onProgress(done, toPlan.length);
    };
    await pMap(batch, plan, { concurrency });
  }
  const inOrder = list.accounts.flatMap(({ id }) => planned.get(id) ?? []);
  unreachable.sort((a, b) => (a.account < b.account ? -1 : 1));
  return forecast(region, list, inOrder, unreachable, settings.maxConcurrentAccounts);
}

async function planAccount(
  account: ListedAccount,
  list: AccountList,
  experienceOf: (account: string) => Promise<Experience>,
  settings: PlanSettings,
  { logsOf, ...ports }: RegionPorts,
): Promise<PlannedAccount | UnreachableAccount> {
  const { runId, startedAt, deadline, days, logGroups = null } = list;
  // Sealing is no part of a plan of exports.
  const run = { runId, startedAt, deadline, days, logGroups, backlog: [], backfill: list.backfill?.days ?? [] };
  const input = { run, account: account.id, settings };
  try {
    const logs = await logsOf(account.id);
    const plan = makePlan(await gatherPlan(input, { ...ports, logs }));
    const experience = plan.items.length > 0 ? await experienceOf(account.id) : { seconds: [], bytes: [] };
    return summarizePlan(plan, account, experience);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const code = permanentErrors[error.name] ?? (isThrottled(error) ? "throttled" : undefined);
    if (code === undefined) throw error;
    return { account: account.id, name: account.name, reason: reason(code, error.message) };
  }
}

/** The newest days with receipts, newest first. */
async function newestDays(archive: ArchiveReader): Promise<string[]> {
  const { folders } = await archive.entries(receiptsRoot);
  return folders
    .flatMap((folder) => dayOfFolder(folder) ?? [])
    .sort()
    .reverse()
    .slice(0, daysOfExperience);
}

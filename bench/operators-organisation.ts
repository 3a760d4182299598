import { type Account, Emulator, type LogGroup, VirtualClock } from "../apps/emulator";
import type { ConfigurationInput } from "../constructs/configuration";
import { coverageKey, logGroupHash, receiptKey } from "../handlers/archive/layout";
import { daysToCover } from "../handlers/calendar/days";
import { reason } from "../handlers/contract/reasons";
import type { DayWindow } from "../handlers/contract/values";
import { latencies } from "./export-loop/prices";

/** A large organisation to which an archive is deployed that has run for a week, served over HTTP. */

export const logArchive = "200000000000";
const management = "100000000000";
const region = "eu-central-1";
const rootId = "r-a1b2";
const dayMs = 86_400_000;

/** Of each account. */
export const logGroups = 5;
/** Of the newest day nothing is archived yet. */
export const days = 7;

export const configuration: ConfigurationInput = {
  ...{ organizationId: "o-a1b2c3d4e5", logArchiveAccount: logArchive, homeRegion: region, regions: [region] },
  externalId: "external-id",
  targets: { organizationalUnits: [rootId], excludeAccounts: [logArchive] },
  lookbackDays: days,
};

/** @param now epoch milliseconds */
export async function openOrganisation(assembly: string, accounts: number, now: number): Promise<Emulator> {
  const ids = Array.from({ length: accounts }, (_, index) => String(300_000_000_000 + index));
  const createdAt = now - 300 * dayMs;
  const member = (id: string): Account => ({
    ...{ id, name: `account ${id}`, email: `${id}@example.com`, parent: rootId, state: "ACTIVE", joinedAt: createdAt },
  });
  const emulator = await Emulator.open({
    assembly,
    world: {
      organization: { id: "o-a1b2c3d4e5", rootId, managementAccount: management },
      organizationalUnits: [],
      accounts: [management, logArchive, ...ids].map(member),
      logGroups: ids.flatMap((account) =>
        names.map((name): LogGroup => ({ account, region, name, logGroupClass: "STANDARD", createdAt, streams: [] })),
      ),
    },
    clock: new VirtualClock({ start: now }),
    logArchiveAccount: logArchive,
    evaluatePolicies: false,
    throttling: false,
    // A socket takes no time of the virtual clock: requests wait for as long as AWS takes.
    authorize: ({ call: { service } }) =>
      new Promise((resolve) => setTimeout(resolve, service === "s3" ? latencies.s3 : latencies.api, undefined)),
  });
  const [, ...settled] = daysToCover(now, "UTC", days);
  fill(emulator.cloud, ids, settled.reverse());
  return emulator;
}

const names = Array.from(
  { length: logGroups },
  (_, index) => `/aws/lambda/a-function-with-a-name-of-usual-length-${index}`,
)
  .map((name) => ({ name, hash: logGroupHash(name) }))
  .sort((a, b) => (a.hash < b.hash ? -1 : 1))
  .map(({ name }) => name);
/** The last one has been silent: it is settled by a line of coverage, and has no receipt. */
const exported = names.slice(0, -1);

/** In the order of their keys, which is the fastest to fill a bucket in. */
function fill({ s3 }: Emulator["cloud"], ids: readonly string[], windows: readonly DayWindow[]): void {
  const bucket = `org-log-archive-${logArchive}-${region}`;
  const put = (key: string, body: string, at: number) => s3.put(bucket, key, Buffer.from(body), at);
  for (const window of windows)
    for (const account of ids)
      put(coverageKey(window.day, account, "run-1", 1), coverageText(account, window), window.to);
  for (const window of windows)
    for (const account of ids)
      for (const logGroup of exported)
        put(receiptKey(window.day, account, logGroup, 1), receiptText(account, logGroup, window), window.to);
}

const taskId = "3fa85f64-5717-4562-b3fc-2c963f66afa6";
const written = { objects: 1, bytes: 1000 };
const isoOf = (at: number) => new Date(at).toISOString();

function coverageText(account: string, { day, to }: DayWindow): string {
  const lines = names.map((logGroup) => {
    const what = exported.includes(logGroup)
      ? { outcome: "exported", taskIds: [taskId], ...written }
      : { outcome: "empty", reason: reason("no-recent-events") };
    return JSON.stringify({ account, region, logGroup, day, ...what, runId: "run-1", at: isoOf(to + dayMs / 2) });
  });
  return `${lines.join("\n")}\n`;
}

function receiptText(account: string, logGroup: string, { day, from, to }: DayWindow): string {
  const [createdAt, completedAt] = [isoOf(to + dayMs / 2), isoOf(to + dayMs / 2 + 20_000)];
  const prefix = `${account}/${day}/${taskId}/`;
  const sha256 = "0".repeat(64);
  const task = {
    from,
    to,
    taskId,
    taskName: "task",
    prefix,
    ...written,
    listingSha256: sha256,
    createdAt,
    completedAt,
  };
  const item = { version: 1, account, region, logGroup, day, from, to };
  return JSON.stringify({ ...item, tasks: [task], ...written, runId: "run-1", at: completedAt });
}

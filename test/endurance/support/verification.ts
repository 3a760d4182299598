import { weightOf } from "../../../apps/verify/findings";
import { verify } from "../../../apps/verify/verify";
import type { GivenHead } from "../../../apps/verify/verify-digests";
import { sha256Hex } from "../../../handlers/archive/hashing";
import type { Receipt } from "../../../handlers/archive/records";
import { parseSeal } from "../../../handlers/archive/seals";
import { StandingLines } from "../../../handlers/archive/standing";
import { dayWindow } from "../../../handlers/calendar/days";
import { MemoryBucket } from "../../handlers/archive/support/memory-bucket";
import type { Emulated } from "../../handlers/support/emulated";
import { bucket, yesterday } from "../../handlers/support/organisation";
import { keyOfRuns } from "../../verify/support/sealed-archive";

/** Holds the archive of every account against its source. */

const { from, to } = dayWindow(yesterday, "UTC");

/** What an account has come to, by log group: what is lost, doubled or wrong, or `whole`. */
export function standings(emulated: Emulated): Map<string, Record<string, string>> {
  const lines = new StandingLines();
  for (const line of emulated.coverage()) lines.add(line);
  const receipts = new Map<string, Receipt[]>();
  for (const receipt of emulated.receipts().filter(({ day }) => day === yesterday)) {
    const item = `${receipt.account} ${receipt.logGroup}`;
    receipts.set(item, [...(receipts.get(item) ?? []), receipt]);
  }
  const seals = sealsOf(emulated);
  const found = new Map<string, Record<string, string>>();
  for (const { account, name, streams } of emulated.cloud.world.logGroups) {
    const events = streams
      .flatMap(({ events }) => events)
      .filter(({ timestamp }) => timestamp >= from && timestamp <= to)
      .map(({ timestamp, message }) => `${new Date(timestamp).toISOString()} ${message}`);
    const item = `${account} ${name}`;
    const outcome = lines.get({ account, day: yesterday, logGroup: name })?.outcome;
    const isRecorded = outcome === "exported" && seals.get(item) === 1;
    const recorded = isRecorded ? "whole" : `coverage says ${outcome}, sealed ${seals.get(item) ?? 0} times`;
    const standing = faultOfReceipts(emulated, receipts.get(item) ?? [], events) ?? recorded;
    found.set(account, { ...found.get(account), [name]: standing });
  }
  return found;
}

/** What is wrong with an item's receipts, by what lies in the archive and by the events that its source had. */
function faultOfReceipts(
  emulated: Emulated,
  [receipt, ...others]: readonly Receipt[],
  events: readonly string[],
): string | undefined {
  if (!receipt) return "no receipt";
  if (others.length > 0) return `${1 + others.length} receipts`;
  const objects = emulated.archivedObjects(receipt);
  const bytes = objects.reduce((sum, { length }) => sum + length, 0);
  if (receipt.objects !== objects.length || receipt.bytes !== bytes)
    return `receipt of ${receipt.objects} objects and ${receipt.bytes} bytes for ${objects.length} and ${bytes}`;
  const archived = emulated.archivedLines(receipt).sort().join("\n");
  return archived === [...events].sort().join("\n") ? undefined : `not its source: ${archived}`;
}

/** How many seals bind each item's receipt as it stands. */
function sealsOf(emulated: Emulated): Map<string, number> {
  const seals = new Map<string, number>();
  for (const key of emulated.keys("seals/")) {
    const { seal } = parseSeal(key, Buffer.from(emulated.text(key)));
    for (const { logGroup, receipt, receiptSha256 } of seal.items) {
      const item = `${seal.account} ${logGroup}`;
      if (sha256Hex(emulated.text(receipt)) === receiptSha256) seals.set(item, (seals.get(item) ?? 0) + 1);
    }
  }
  return seals;
}

/** The receipts that something has been written over: none, ever. */
export function overwrittenReceipts(emulated: Emulated): string[] {
  return emulated.keys("receipts/").filter((key) => emulated.cloud.s3.versions(bucket, key).length > 1);
}

/** How many export tasks of ours each account has had. */
export function ownTasks(emulated: Emulated): Map<string, number> {
  const tasks = new Map<string, number>();
  for (const { account, name } of emulated.exportTasks())
    if (name !== null) tasks.set(account, (tasks.get(account) ?? 0) + 1);
  return tasks;
}

/** What verification with the key and the newest head says against the day, besides what no receipt names. */
export async function verification(emulated: Emulated, head: GivenHead): Promise<string[]> {
  const { findings } = await verify(
    new MemoryBucket(bucket, new Map([...emulated.cloud.s3.objects(bucket)].map(({ key, body }) => [key, body]))),
    {
      ...{
        range: { from: yesterday, to: yesterday },
        deep: true,
        keys: keyOfRuns(emulated).verification,
        heads: [{ ...head, bucket }],
      },
      ...{ verified: new Set<string>(), onDay: () => {} },
    },
  );
  return findings.filter((finding) => weightOf(finding) !== "known").map(({ kind, detail }) => `${kind} ${detail}`);
}

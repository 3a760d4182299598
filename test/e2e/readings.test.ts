import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { checkArchive } from "../../apps/demo/check";
import { demoOrganization } from "../../apps/demo/organization";
import type { ProgressView } from "../../apps/demo/progress";
import { simulate } from "../../apps/demo/simulation";
import type { LogEvent, WindowReading } from "../../apps/emulator";
import { parseConfiguration } from "../../constructs/configuration";
import { type FolderStore, folderStores } from "../../handlers/archive/folder-store";
import { Receipt } from "../../handlers/archive/records";
import { dayWindow } from "../../handlers/calendar/days";
import { example } from "../deploy/synthesise";
import { assembly } from "../support/assembly";

/**
 * AWS documents two meanings of CreateExportTask's `from` and `to`. The archive has to be right under both: over events on the
 * first and last milliseconds of days, and events that were ingested on the day after their own.
 */

const lastDay = "2026-11-20";
const days = ["2026-11-18", "2026-11-19", lastDay];
const region = "eu-central-1";
const silent: ProgressView = { step() {}, accountsListed() {}, accountMoved() {}, accountEnded() {}, finish() {} };
const folder = mkdtempSync(join(tmpdir(), "org-log-archive-readings-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const readings: readonly WindowReading[] = ["event-time", "ingestion-time"];
const zones = ["UTC", "Asia/Kolkata"];

test.each(zones.flatMap((timeZone) => readings.map((reading) => [reading, timeZone] as const)))(
  "under the %s reading, with days of %s, an audit read hides no event and doubles none",
  async (reading, dayTimeZone) => {
    const configuration = { ...example, regions: [region], lookbackDays: 3, dayTimeZone };
    const { organizationId, logArchiveAccount } = parseConfiguration(configuration);
    const whole = demoOrganization({
      seed: 1,
      organizationId,
      logArchiveAccount,
      organizationalUnit: "ou-examplerootid111-company1",
      regions: [region],
      lastDay,
      days: 3,
      crossMidnightIngestion: true,
    });
    const names = ["/iot/heartbeats", "/ecs/live-chat", "/ecs/shop-international"];
    const world = { ...whole, logGroups: whole.logGroups.filter(({ name }) => names.includes(name)) };
    const directory = join(folder, `${reading}-${dayTimeZone.replace("/", "-")}`, ".emulator");
    const runs = await simulate({
      assemblyDirectory: assembly(configuration, { code: true }),
      directory,
      world,
      logArchiveAccount,
      seed: 1,
      lastDay,
      dayTimeZone,
      windowReading: reading,
      // Whatever an export filters by, the calls are those of any run.
      evaluatePolicies: false,
      progress: silent,
    });
    expect(runs.map(({ execution }) => execution.status)).toEqual(["SUCCEEDED"]);
    const account = world.logGroups[0]?.account;
    const covered = new Map([[`${account} ${region}`, new Set(days)]]);
    const check = checkArchive(directory, covered, { timeZone: dayTimeZone, reading });
    expect(check.problems).toEqual([]);
    expect(check.itemsWithData).toBe(9);

    const span = { from: dayWindow("2026-11-18", dayTimeZone).from, to: dayWindow(lastDay, dayTimeZone).to };
    for (const { name, streams } of world.logGroups) {
      const expected = streams.flatMap(({ events }) => events.filter((event) => isWithin(event, span, reading)));
      const texts = expected.map(({ timestamp, message }) => `${new Date(timestamp).toISOString()} ${message}`);
      expect(auditRead(directory, name).sort()).toEqual(texts.flatMap((text) => text.split("\n")).sort());
    }
  },
);

function isWithin(event: LogEvent, { from, to }: { from: number; to: number }, reading: WindowReading): boolean {
  return reading === "event-time"
    ? event.timestamp >= from && event.timestamp <= to
    : event.ingestionTime >= from && event.ingestionTime < to;
}

/**
 * The lines of a log group's receipted export tasks. The millisecond that two windows share may be in both: what the later
 * day has of it counts.
 */
function auditRead(directory: string, logGroup: string): string[] {
  const receipts = folderStores(join(directory, "s3")).flatMap((bucket) =>
    bucket.files("receipts/").map(({ path }) => ({
      bucket,
      ...Receipt.parse(JSON.parse(readFileSync(path, "utf8"))),
    })),
  );
  const days = receipts.filter((receipt) => receipt.logGroup === logGroup).sort((a, b) => a.from - b.from);
  const rows = days.map(({ bucket, tasks }) => tasks.flatMap(({ prefix }) => rowsOf(bucket, prefix)));
  return rows.flatMap((ofDay, index) => {
    const end = `${new Date(days[index]?.to ?? 0).toISOString()} `;
    const next = new Set(rows[index + 1]);
    return ofDay.filter((row) => !(next.has(row) && lineOf(row).startsWith(end))).map(lineOf);
  });
}

const lineOf = (row: string) => row.slice(row.indexOf("\t") + 1);

function rowsOf(bucket: FolderStore, prefix: string): string[] {
  return bucket.files(prefix).flatMap(({ key, path }) => {
    const stream = key.slice(prefix.length, key.lastIndexOf("/"));
    const text = gunzipSync(readFileSync(path)).toString("utf8").replace(/\n$/, "");
    return text.split("\n").map((line) => `${stream}\t${line}`);
  });
}

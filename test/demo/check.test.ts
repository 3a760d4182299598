import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ArchiveCheck, checkArchive } from "../../apps/demo/check";
import type { LogGroup } from "../../apps/emulator";
import { Emulator, VirtualClock } from "../../apps/emulator";
import { closeAll, emulate } from "../handlers/support/emulated";
import { account, day, region } from "../handlers/support/examples";
import { logGroup, noonYesterday, stream, world, yesterday } from "../handlers/support/organisation";
import { runOnce } from "../handlers/support/run";

/** An archive of yesterday and the day before, checked. */

const days = ["2026-11-18", yesterday];
const midnight = Date.parse(`${yesterday}T00:00:00Z`);

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "org-log-archive-check-"));
});
afterEach(async () => {
  await closeAll();
  rmSync(directory, { recursive: true, force: true });
});

async function checkOf(...logGroups: readonly LogGroup[]): Promise<ArchiveCheck> {
  const emulated = await emulate({ world: world(logGroups), directory });
  await runOnce(emulated, { lookbackDays: days.length });
  emulated.cloud.flush();
  return checkArchive(directory, new Map([[`${account} ${region}`, new Set(days)]]));
}

const created = (createdAt: number, ...timestamps: readonly number[]) => ({
  createdAt,
  streams: [stream("main", ...timestamps)],
});

describe("checking an archive", () => {
  it("takes an event of midnight for the day that begins with it, and misses nothing on the day that ends", async () => {
    const check = await checkOf(logGroup("/born/at-midnight", created(midnight, midnight, midnight + 1)));
    expect(check).toMatchObject({
      itemsWithData: 1,
      eventsWithData: 2,
      sharedEvents: 0,
      skipped: [],
      failed: [],
      problems: [],
    });
  });

  it("finds the shared millisecond in both days where both are exported, and counts it once", async () => {
    const check = await checkOf(logGroup("/every/day", created(0, midnight - 1, midnight, noonYesterday)));
    expect(check).toMatchObject({ itemsWithData: 2, eventsWithData: 3, sharedEvents: 1, skipped: [], problems: [] });
  });

  it("does not ask the last day for what happened when it was over", async () => {
    const check = await checkOf(logGroup("/born/after", created(midnight + day, midnight + day)));
    expect(check).toMatchObject({ itemsWithData: 0, skipped: [], problems: [] });
    expect(check.outside).toEqual([`${account} ${region} /born/after 2026-11-20`]);
  });

  it("counts every log group day of the source, and names those that no run was about", async () => {
    const foreign = { account: "900000000000", ...created(0, noonYesterday) };
    const check = await checkOf(
      logGroup("/app", created(0, midnight - 2 * day, midnight - 1, midnight)),
      logGroup("/elsewhere", foreign),
    );
    expect(check).toMatchObject({ itemsWithData: 2, problems: [] });
    expect(check.outside).toEqual([
      `${account} ${region} /app 2026-11-17`,
      `900000000000 ${region} /elsewhere ${yesterday}`,
    ]);
  });

  it("reads a source that is written in many pieces", async () => {
    const events = Array.from({ length: 3_000 }, (_, index) => ({
      timestamp: noonYesterday + index,
      ingestionTime: noonYesterday + index,
      message: `${index} ${"日本語".repeat(300)}`,
    }));
    const streams = [{ name: "main", events }];
    const groups = [logGroup("/one", { streams }), logGroup("/elsewhere", { region: "us-east-1" }), logGroup("/two")];
    const clock = new VirtualClock({ start: noonYesterday });
    await (await Emulator.open({ world: world(groups), clock, logArchiveAccount: account, directory })).close();
    const check = checkArchive(directory, new Map([[`${account} ${region}`, new Set(days)]]));
    expect(check).toMatchObject({ itemsWithData: 2, eventsWithData: 3_001 });
    expect(check.outside).toEqual([`${account} us-east-1 /elsewhere ${yesterday}`]);
  });

  it("names data that was left out for good", async () => {
    const check = await checkOf(logGroup("/imported", created(midnight, midnight - 1)));
    expect(check).toMatchObject({
      itemsWithData: 1,
      skipped: [`${account} ${region} /imported 2026-11-18: created-after-day`],
    });
  });
});

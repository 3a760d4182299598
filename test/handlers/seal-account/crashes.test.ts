import fc from "fast-check";
import { chainFaults } from "../../../handlers/archive/chain";
import { coverageKey, parseSealKey, sealKey } from "../../../handlers/archive/layout";
import { boundKeys, parseSeal, type StoredSeal, sealLink } from "../../../handlers/archive/seals";
import type { ArchiveStore } from "../../../handlers/archive/store";
import type { SealCursor } from "../../../handlers/contract/messages";
import { callsOf, Death, disturbed, dyingAt } from "../support/disturbed";
import { standingRows } from "../support/event-rows";
import { account, coverageLine } from "../support/examples";
import { yesterday } from "../support/organisation";
import { Sealable } from "../support/sealable";

const text = "2026-11-19T12:00:00.000Z x\n";
const before = "2026-11-18";
const midnight = "2026-11-19T00:00:00.000Z";

/** Two days, and an event of the moment between them, that are archived and covered, and that nothing has sealed. */
async function exported(): Promise<Sealable> {
  const sealable = new Sealable([before, yesterday]);
  await sealable.put("/a", { main: `${midnight} ahead\n` }, before);
  await sealable.put("/a", { main: text, other: text });
  await sealable.put("/b", { main: text });
  await cover(sealable.archive, "run-1");
  return sealable;
}

async function cover(archive: ArchiveStore, runId: string, day = yesterday): Promise<void> {
  const line = `${JSON.stringify(coverageLine({ runId, day }))}\n`;
  await archive.putOnce(coverageKey(day, account, runId, 1), line, "application/x-ndjson");
}

async function listed(archive: ArchiveStore, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of archive.list(prefix)) keys.push(key);
  return keys;
}

/** Everything is bound once, every seal follows the one before it, and every event is in the files that they name once. */
async function expectSealedOnce({ archive }: Sealable): Promise<StoredSeal[]> {
  const rows = await standingRows(archive);
  expect(rows.map(({ ts, log_group, log_stream }) => `${log_group} ${log_stream} ${ts?.toISOString()}`).sort()).toEqual(
    [
      `/a main ${midnight}`,
      "/a main 2026-11-19T12:00:00.000Z",
      "/a other 2026-11-19T12:00:00.000Z",
      "/b main 2026-11-19T12:00:00.000Z",
    ],
  );
  const keys = await listed(archive, "seals/");
  const seals = await Promise.all(keys.map(async (key) => parseSeal(key, await archive.read(key))));
  seals.sort((a, b) => (parseSealKey(a.key)?.n ?? 0) - (parseSealKey(b.key)?.n ?? 0));
  for (const day of [before, yesterday])
    expect(chainFaults(seals.filter(({ seal }) => seal.day === day).map(sealLink))).toEqual([]);
  const bound = seals.flatMap(({ seal }) => [...boundKeys([seal])]);
  const evidence = [...(await listed(archive, "coverage/")), ...(await listed(archive, "receipts/"))];
  expect(bound.sort()).toEqual(evidence.sort());
  return seals;
}

/** The keys of the seals that the run's digest will bind. */
function counted(ranges: SealCursor["seals"]): string[] {
  const keys = ranges.flatMap(({ day, first, last }) =>
    Array.from({ length: last - first + 1 }, (_, index) => sealKey(day, account, first + index)),
  );
  return keys.sort();
}

it("converges wherever a step dies, before a call or after it", async () => {
  const undisturbed = await exported();
  const calls = await callsOf(undisturbed.archive, (archive) => undisturbed.step(null, { archive }));
  expect(new Set(calls.map(({ operation, key }) => `${operation} ${key.split("/")[0]}`))).toEqual(
    new Set([
      "list seals",
      "list receipts",
      "list coverage",
      "read coverage",
      "read receipts",
      `list ${account}`,
      `stream ${account}`,
      "putOnce events",
      "putOnce seals",
      "putOnce runs",
    ]),
  );
  for (const { number } of calls)
    for (const when of ["before", "after"] as const) {
      const sealable = await exported();
      const died = sealable.step(null, { archive: dyingAt(sealable.archive, number, when) });
      await expect(died).rejects.toBeInstanceOf(Death);
      const again = await sealable.step(null, { requestId: "again" });
      expect(again).toMatchObject({ status: "finished", notSealed: 0 });
      const seals = await expectSealedOnce(sealable);
      expect([number, when, counted(again.cursor.seals)]).toEqual([number, when, seals.map(({ key }) => key).sort()]);
    }
});

it("seals nothing twice beside another run, however their calls fall between each other", async () => {
  const numbers = new Set<number>();
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const sealable = await exported();
      const archive = disturbed(sealable.archive, async (_call, make) => {
        await scheduler.schedule(Promise.resolve());
        return make();
      });
      const other = async () => {
        await cover(archive, "run-2", before);
        return sealable.step(null, { archive, requestId: "other" });
      };
      const both = Promise.all([sealable.step(null, { archive }), other()]);
      await scheduler.waitFor(both);
      expect((await both).map(({ notSealed }) => notSealed)).toEqual([0, 0]);
      numbers.add((await expectSealedOnce(sealable)).length);
    }),
    { seed: 20_261_126, numRuns: 60 },
  );
  // A seal each of both days and of their moment; one more where the second run's coverage came later: both happened.
  expect([...numbers].sort()).toEqual([3, 4]);
});

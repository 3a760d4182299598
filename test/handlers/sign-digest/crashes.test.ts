import fc from "fast-check";
import { mostLeavesInDigest } from "../../../handlers/archive/digests";
import { digestKey, leavesKey, signatureKey } from "../../../handlers/archive/layout";
import { callsOf, Death, disturbed, dyingAt } from "../support/disturbed";
import { Signable } from "../support/signable";

const hour = 3_600_000;

/** A run, and the run after it, which starts when the first one's time is over. */
async function signAfter(signable: Signable, records = 2): Promise<void> {
  signable.now += 2 * hour;
  await signable.run("run-2", records);
  await signable.sign("run-2");
}

test.each([
  ["few", 2],
  ["many", mostLeavesInDigest],
])("converges wherever signing a run of %s records dies, before a call or after it", async (_, records) => {
  const undisturbed = new Signable();
  await undisturbed.run("run-1", records);
  const calls = await callsOf(undisturbed.archive, (archive) => undisturbed.sign("run-1", { archive }));
  // Reading record after record is all the same.
  const told = calls.filter(({ operation, key }, index) => operation !== "stream" || key !== calls[index - 1]?.key);
  const interesting = told.filter(({ operation, key }) => operation !== "stream" || /accounts|000001/.test(key));
  for (const { number } of interesting)
    for (const when of ["before", "after"] as const)
      for (const tellsAgain of [true, false]) {
        const signable = new Signable();
        await signable.run("run-1", records);
        const died = signable.sign("run-1", { archive: dyingAt(signable.archive, number, when) });
        await expect(died).rejects.toBeInstanceOf(Death);
        // The state machine tries again; or it has died with it, and the next run goes on.
        if (tellsAgain) await signable.sign("run-1");
        await signAfter(signable);
        expect((await signable.expectWhole()).map(({ digest }) => digest.runId)).toEqual(["run-1", "run-2"]);
      }
});

test("signs as it stands what a death has left unsigned", async () => {
  const signable = new Signable();
  await signable.run("run-1");
  const signer = { arn: "arn:aws:kms:eu-central-1:200000000000:key/1", sign: () => Promise.reject(new Death()) };
  await expect(signable.sign("run-1", { signer })).rejects.toBeInstanceOf(Death);
  const left = await signable.archive.read(digestKey(1));
  expect(await signable.archive.read(signatureKey(1))).toBeUndefined();
  await signAfter(signable);
  expect(await signable.archive.read(digestKey(1))).toEqual(left);
  await signable.expectWhole();
});

test.each([
  ["few", 2],
  ["many", mostLeavesInDigest],
])("signs two runs of %s records beside each other without a gap, however their calls fall", async (_, records) => {
  const orders = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const signable = new Signable();
      for (const runId of ["run-1", "run-2"]) await signable.run(runId, records);
      const archive = disturbed(signable.archive, async ({ operation }, make) => {
        // Only what others can see, or change, has to be in some order.
        if (operation !== "stream") await scheduler.schedule(Promise.resolve());
        return make();
      });
      const both = Promise.all(["run-1", "run-2"].map((runId) => signable.sign(runId, { archive })));
      await scheduler.waitFor(both);
      orders.add((await signable.expectWhole()).map(({ digest }) => digest.runId).join());
    }),
    { seed: 20_261_126, numRuns: records > 2 ? 10 : 60 },
  );
  expect([...orders].sort()).toEqual(["run-1,run-2", "run-2,run-1"]);
});

test("keeps its leaves in the digest where another writer, which died, has taken their place", async () => {
  const signable = new Signable();
  await signable.archive.putOnce(leavesKey(1), "of a run that died\n", "application/x-ndjson");
  await signable.run("run-1", mostLeavesInDigest);
  await signable.sign("run-1");
  const [{ digest } = { digest: undefined }] = await signable.expectWhole();
  expect(digest?.leaves).toBeUndefined();
  expect(digest?.records.length).toBeGreaterThanOrEqual(mostLeavesInDigest);
});

describe("refuses to sign after", () => {
  test("a digest that cannot be read", async () => {
    const signable = new Signable();
    await signable.archive.putOnce(digestKey(1), "{}", "application/json");
    await signable.run("run-1");
    await expect(signable.sign("run-1")).rejects.toMatchObject({ name: "UnreadableRecord" });
  });

  test.each([
    ["does not follow the one before it", { previousSha256: "0".repeat(64) }, "does not follow the digest before it"],
    ["is of another bucket", { bucket: "another" }, "is of bucket another"],
  ])("an unsigned digest that %s", async (_, changes, message) => {
    const signable = new Signable();
    await signable.run("run-1");
    await signable.sign("run-1");
    const [{ digest } = { digest: undefined }] = await signable.expectWhole();
    const forged = {
      ...digest,
      sequence: 2,
      key: digestKey(2),
      previousSha256: (await signable.expectWhole())[0]?.sha256,
    };
    await signable.archive.putOnce(digestKey(2), JSON.stringify({ ...forged, ...changes }), "application/json");
    signable.now += 2 * hour;
    await signable.run("run-2");
    await expect(signable.sign("run-2")).rejects.toThrow(message);
    expect(await signable.archive.read(signatureKey(2))).toBeUndefined();
  });
});

test("brings runs of before there were digests into the chain, the oldest first and ten at a time", async () => {
  const signable = new Signable();
  for (let index = 10; index < 22; index += 1) {
    signable.now += hour;
    await signable.run(`run-${index}`);
  }
  signable.now += 2 * hour;
  for (const runId of ["own-1", "own-2"]) {
    await signable.run(runId);
    await signable.sign(runId);
  }
  const order = (await signable.expectWhole()).map(({ digest }) => digest.runId);
  const before = Array.from({ length: 12 }, (_, index) => `run-${index + 10}`);
  expect(order).toEqual([...before.slice(0, 10), "own-1", ...before.slice(10), "own-2"]);
});

test("leaves the older runs to the next one where its function's time is short", async () => {
  const signable = new Signable();
  await signable.run("run-1");
  signable.now += 2 * hour;
  await signable.run("run-2");
  await signable.sign("run-2", { remainingMs: () => 60_000 });
  expect(await signable.keys("digests/")).toEqual([digestKey(1), signatureKey(1)]);
});

test("writes each digest to the bucket for copies, too, the digest after what belongs to it, and what a death kept from it", async () => {
  const signable = new Signable();
  const copied: string[] = [];
  let fails = true;
  const copies = {
    putOnce: async (key: string) => {
      if (fails) throw new Death();
      copied.push(key);
      return "written" as const;
    },
  };
  await signable.run("run-1", mostLeavesInDigest);
  await expect(signable.sign("run-1", { copies })).rejects.toBeInstanceOf(Death);
  fails = false;
  signable.now += 2 * hour;
  await signable.run("run-2");
  await signable.sign("run-2", { copies });
  expect(copied).toEqual([signatureKey(1), leavesKey(1), digestKey(1), signatureKey(2), digestKey(2)]);
});

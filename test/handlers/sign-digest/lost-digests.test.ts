import { digestKey, headKey, outcomesKey, signatureKey } from "../../../handlers/archive/layout";
import { watchedDigests } from "../../../handlers/archive/lost-digests";
import { callsOf, Death, dyingAt } from "../support/disturbed";
import { account } from "../support/examples";
import { Signable } from "../support/signable";

/** Digests that were written, and are not there any more: the chain goes on behind them, red, until they are back. */

const hour = 3_600_000;

/** An archive with so many runs, each signed. */
async function signed(runs: number): Promise<Signable> {
  const signable = new Signable();
  for (let number = 1; number <= runs; number += 1) await next(signable, number);
  return signable;
}

async function next(signable: Signable, number: number) {
  signable.now += 2 * hour;
  await signable.run(`run-${number}`);
  return signable.sign(`run-${number}`);
}

/** Takes objects away, and returns what puts them back. */
function take({ objects }: Signable, ...keys: string[]): () => void {
  const taken = keys.map((key) => [key, objects.get(key) ?? Buffer.from(`no ${key}`)] as const);
  for (const key of keys) objects.delete(key);
  return () => {
    for (const [key, body] of taken) objects.set(key, body);
  };
}

const runsOf = async (signable: Signable) => (await signable.expectWhole()).map(({ digest }) => digest.runId);
const both = (sequence: number) => [digestKey(sequence), signatureKey(sequence)];

describe.each([
  ["the newest one", 3, both(3)],
  ["the newest one without its signature", 3, [digestKey(3)]],
  ["the newest two", 3, [...both(2), ...both(3)]],
  ["one before the newest", 3, both(2)],
  ["the only one", 1, both(1)],
])("where %s is removed", (_, runs, keys) => {
  test("the next runs take other numbers and name it, and the chain is whole again once it is back", async () => {
    const signable = await signed(runs);
    const putBack = take(signable, ...keys);
    const lost = keys.filter((key) => key.endsWith(".json"));
    for (const number of [runs + 1, runs + 2]) {
      const { head, loss } = await next(signable, number);
      expect(head.sequence).toBe(number);
      for (const key of lost) expect(loss).toContain(key);
    }
    putBack();
    expect((await next(signable, runs + 3)).loss).toBeNull();
    expect(await runsOf(signable)).toEqual(Array.from({ length: runs + 3 }, (_, index) => `run-${index + 1}`));
  });

  test("signing converges wherever it dies", async () => {
    const prepare = async () => {
      const signable = await signed(runs);
      const putBack = take(signable, ...keys);
      signable.now += 2 * hour;
      await signable.run("late");
      return { signable, putBack };
    };
    const undisturbed = await prepare();
    const calls = await callsOf(undisturbed.signable.archive, (archive) =>
      undisturbed.signable.sign("late", { archive }),
    );
    for (const { number } of calls.filter(({ operation }) => operation !== "stream"))
      for (const when of ["before", "after"] as const) {
        const { signable, putBack } = await prepare();
        const died = signable.sign("late", { archive: dyingAt(signable.archive, number, when) });
        await expect(died).rejects.toBeInstanceOf(Death);
        expect((await signable.sign("late")).loss).toContain(keys[0]);
        putBack();
        expect(await runsOf(signable)).toEqual([
          ...Array.from({ length: runs }, (_, index) => `run-${index + 1}`),
          "late",
        ]);
      }
  });
});

test("a digest that another one has replaced is named by the hash in its run's head, and not followed", async () => {
  const signable = await signed(2);
  const putBack = take(signable, digestKey(2));
  signable.objects.set(digestKey(2), Buffer.from("{}"));
  const { head, loss } = await next(signable, 3);
  expect(head.sequence).toBe(3);
  expect(loss).toContain(`${digestKey(2)} (2:`);
  expect(loss).toContain("run run-2");
  putBack();
  expect(await runsOf(signable)).toEqual(["run-1", "run-2", "run-3"]);
});

test("what a lost digest bound is not signed again", async () => {
  const signable = await signed(2);
  take(signable, ...both(2));
  await next(signable, 3);
  const third = JSON.parse(signable.objects.get(digestKey(3))?.toString() ?? "");
  expect(third).toMatchObject({ sequence: 3, runId: "run-3" });
  expect(signable.objects.has(digestKey(4))).toBe(false);
  expect(JSON.stringify(third)).not.toContain("run-2");
});

test("runs beside each other agree on what follows a lost one", async () => {
  const signable = await signed(2);
  const putBack = take(signable, ...both(2));
  for (const runId of ["run-3", "run-4"]) await signable.run(runId);
  const ended = await Promise.all(["run-3", "run-4"].map((runId) => signable.sign(runId)));
  expect(ended.map(({ head }) => head.sequence).sort()).toEqual([3, 4]);
  putBack();
  expect((await runsOf(signable)).sort()).toEqual(["run-1", "run-2", "run-3", "run-4"]);
});

test("a digest whose writer died before its head is no loss", async () => {
  const signable = await signed(1);
  take(signable, headKey("run-1"));
  expect((await next(signable, 2)).loss).toBeNull();
  expect(await runsOf(signable)).toEqual(["run-1", "run-2"]);
});

test("nothing is signed over a signature whose digest nothing names", async () => {
  const signable = await signed(2);
  take(signable, digestKey(2), headKey("run-2"));
  await expect(next(signable, 3)).rejects.toThrow(`${signatureKey(2)} is there, and what it signs is not`);
});

test("a head that is garbled, or of another bucket, leads nowhere", async () => {
  const signable = await signed(2);
  const head = signable.objects.get(headKey("run-2"))?.toString() ?? "";
  const another = head.replace('"bucket":"bucket"', '"bucket":"another"').replace('"sequence":2', '"sequence":7');
  for (const [number, text] of [
    [3, "{"],
    [4, another],
  ] as const) {
    signable.objects.set(headKey("run-2"), Buffer.from(text));
    expect(await next(signable, number)).toMatchObject({ loss: null, head: { sequence: number } });
  }
});

test("a run reads the newest digests alone, and is red for those, however long the chain is", async () => {
  const signable = await signed(watchedDigests + 3);
  take(signable, ...both(4), ...both(5));
  const number = watchedDigests + 4;
  signable.now += 2 * hour;
  await signable.run(`run-${number}`);
  const calls = await callsOf(signable.archive, async (archive) => {
    const { loss } = await signable.sign(`run-${number}`, { archive });
    expect(loss).toContain(`${digestKey(5)} `);
    expect(loss).toContain(`${digestKey(4)} `);
  });
  const digestsRead = calls.filter(({ operation, key }) => operation === "read" && /^digests\/\d+\.json$/.test(key));
  expect(digestsRead.length).toBeLessThanOrEqual(watchedDigests + 4);
  expect((await next(signable, number + 1)).loss).not.toContain(digestKey(4));
  expect((await next(signable, number + 2)).loss).toBeNull();
});

test("a run whose digest is lost is not signed again for what it has left since, until the digest is back", async () => {
  const signable = await signed(2);
  const putBack = take(signable, digestKey(1));
  signable.objects.set(outcomesKey("run-1", account, 7, "late"), Buffer.from("late"));
  await expect(signable.sign("run-1")).rejects.toThrow(`${digestKey(1)}, which binds the run, is lost`);
  putBack();
  expect(await signable.sign("run-1")).toMatchObject({ loss: null, head: { sequence: 3 } });
});

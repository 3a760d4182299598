import { sealedPartKey, sealingSummaryKey, sealKey } from "../../../handlers/archive/layout";
import { SealingSummary } from "../../../handlers/archive/records";
import { parseSeal } from "../../../handlers/archive/seals";
import { parseRecord } from "../../../handlers/archive/serialization";
import { readText } from "../../../handlers/archive/store";
import { longestSealingMs } from "../../../handlers/seal-account/sealing";
import { account } from "../support/examples";
import { yesterday } from "../support/organisation";
import { Sealable } from "../support/sealable";

const line = (text: string) => `2026-11-19T12:00:00.000Z ${text}\n`;

async function sealAt(sealable: Sealable, n: number, day = yesterday) {
  const key = sealKey(day, account, n);
  return parseSeal(key, await sealable.archive.read(key)).seal;
}

async function summaryOf(sealable: Sealable): Promise<SealingSummary> {
  const key = sealingSummaryKey("run-1", account, 1);
  return parseRecord(SealingSummary, key, await readText(sealable.archive, key));
}

/** A function whose time is over after it was asked so often whether there is some left. */
function timeFor(objects: number): () => number {
  let asked = 0;
  return () => {
    asked += 1;
    return asked > objects ? 30_000 : 900_000;
  };
}

it("binds at most 200 receipts in a seal, unless one of them alone has more objects than fit", async () => {
  const sealable = new Sealable();
  for (let index = 0; index < 210; index += 1) await sealable.put(`/g${index}`, { main: line("x") });
  expect(await sealable.step()).toMatchObject({
    status: "finished",
    objects: 210,
    cursor: { seals: [{ day: yesterday, first: 1, last: 2 }] },
  });
  expect([(await sealAt(sealable, 1)).items.length, (await sealAt(sealable, 2)).items.length]).toEqual([200, 10]);
});

it("hands back where its function's time is over, and goes on after the last receipt that it sealed", async () => {
  const sealable = new Sealable();
  for (const name of ["/a", "/b", "/c", "/d"]) await sealable.put(name, { one: line("x"), two: line("y") });
  const first = await sealable.step(null, { remainingMs: timeFor(5) });
  expect(first).toMatchObject({ status: "more", day: yesterday, objects: 4 });
  expect(await sealable.step(first.cursor)).toMatchObject({ status: "finished", objects: 8, notSealed: 0 });
  expect((await sealAt(sealable, 1)).items).toHaveLength(2);
  expect((await sealAt(sealable, 2)).items).toHaveLength(2);
});

it("reads an item that is larger than a step over several steps, each object once, and seals it whole", async () => {
  const sealable = new Sealable();
  const streams = Object.fromEntries(Array.from({ length: 7 }, (_, index) => [`s${index}`, line(String(index))]));
  await sealable.put("/large", streams);
  const reads: string[] = [];
  const { archive } = sealable;
  const counted = Object.assign(Object.create(archive), {
    stream: (key: string) => {
      reads.push(key);
      return archive.stream(key);
    },
  });
  let progress = await sealable.step(null, { remainingMs: timeFor(3), archive: counted });
  expect(progress).toMatchObject({ status: "more", objects: 0 });
  expect(progress.cursor.partial?.key).toBe(sealedPartKey("run-1", account, 0, "request"));
  const read = reads.splice(0).sort().slice(0, 3);
  progress = await sealable.step(progress.cursor, { remainingMs: timeFor(3), archive: counted });
  progress = await sealable.step(progress.cursor, { archive: counted });
  expect(progress).toMatchObject({ status: "finished", objects: 7 });
  const [item] = (await sealAt(sealable, 1)).items;
  expect(item?.objects.map(({ events }) => events)).toEqual(Array(7).fill(1));
  // What was fetched ahead and not read any more is fetched again; what was read is not.
  expect(new Set(reads).size).toBe(4);
  expect(reads.filter((key) => read.includes(key))).toEqual([]);
});

it("goes past what cannot be sealed, also where that is what a step ends at", async () => {
  const sealable = new Sealable();
  const damaged = await sealable.put("/damaged", { main: line("x") });
  for (const name of ["/a", "/b"]) await sealable.put(name, { one: line("x"), two: line("y") });
  const key = `${damaged.tasks[0]?.prefix}main/000000.gz`;
  const { archive } = sealable;
  const broken = Object.assign(Object.create(archive), {
    stream: async (asked: string) => {
      const stream = await archive.stream(asked);
      return stream && asked === key ? { ...stream, bytes: [Buffer.alloc(stream.size)] } : stream;
    },
  });
  let progress = await sealable.step(null, { archive: broken, remainingMs: timeFor(1) });
  for (let steps = 0; progress.status === "more" && steps < 20; steps += 1)
    progress = await sealable.step(progress.cursor, { archive: broken, remainingMs: timeFor(2) });
  expect(progress).toMatchObject({ status: "finished", objects: 4, notSealed: 1 });
  expect((await summaryOf(sealable)).causes).toMatchObject([
    { outcome: "failed", reason: "not-sealed", count: 1, examples: [{ logGroup: "/damaged" }] },
  ]);
});

it("ends when the run's time is over, names what it did not reach, and leaves it to the next run", async () => {
  const sealable = new Sealable([yesterday, "2026-11-18"]);
  await sealable.put("/a", { main: line("x") }, "2026-11-18");
  await sealable.put("/b", { main: line("x") });
  const { cursor } = await sealable.step();
  expect(cursor.until).toBe(sealable.run.deadline);
  const late = new Sealable([yesterday, "2026-11-18"]);
  await late.put("/a", { main: line("x") }, "2026-11-18");
  const progress = await late.step({
    ...cursor,
    day: 0,
    until: new Date(late.now).toISOString(),
    seals: [],
    objects: 0,
  });
  expect(progress).toMatchObject({ status: "finished", objects: 0, notSealed: 1 });
  expect(await summaryOf(late)).toMatchObject({
    complete: false,
    causes: [{ examples: [{ logGroup: null, day: "2026-11-18", reason: expect.stringContaining("time was over") }] }],
  });
});

it("may seal for two hours where the exports lasted until the deadline, and for three days at most", async () => {
  const sealable = new Sealable();
  sealable.now = Date.parse(sealable.run.deadline) + 60_000;
  await sealable.put("/a", { main: line("x") });
  expect(await sealable.step()).toMatchObject({ status: "finished", objects: 1, notSealed: 0 });
  const { until } = (await sealable.step()).cursor;
  expect(Date.parse(until) - sealable.now).toBe(2 * 3_600_000);
  sealable.now -= 30 * 24 * 3_600_000;
  expect(Date.parse((await sealable.step()).cursor.until) - sealable.now).toBe(longestSealingMs);
});

it("seals the days of the backlog after those of the run, and says that it is complete", async () => {
  const sealable = new Sealable([yesterday], ["2026-01-01", "2026-01-02"]);
  for (const day of [yesterday, "2026-01-01", "2026-01-02"]) await sealable.put("/a", { main: line("x") }, day);
  const order: string[] = [];
  const { archive } = sealable;
  const noted = Object.assign(Object.create(archive), {
    putOnce: (key: string, ...rest: [string, "application/json"]) => {
      order.push(key);
      return archive.putOnce(key, ...rest);
    },
  });
  await sealable.step(null, { archive: noted });
  expect(order.filter((key) => !key.startsWith("events/"))).toEqual([
    sealKey(yesterday, account, 1),
    sealKey("2026-01-01", account, 1),
    sealKey("2026-01-02", account, 1),
    sealingSummaryKey("run-1", account, 1),
  ]);
  expect(await summaryOf(sealable)).toMatchObject({
    seals: [yesterday, "2026-01-01", "2026-01-02"].map((day) => ({ day, first: 1, last: 1 })),
    objects: 3,
    notSealed: 0,
    complete: true,
  });
});

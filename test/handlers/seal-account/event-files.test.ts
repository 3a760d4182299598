import { putCoverage } from "../../../handlers/archive/coverage";
import { parseEventFileKey, sealKey } from "../../../handlers/archive/layout";
import { sealsByDay, standingRows } from "../support/event-rows";
import { account, coverageLine } from "../support/examples";
import { yesterday } from "../support/organisation";
import { Sealable } from "../support/sealable";

const before = "2026-11-18";
const midnight = `${yesterday}T00:00:00.000Z`;
const noon = `${yesterday}T12:00:00.000Z`;

const told = async ({ archive }: Sealable) =>
  (await standingRows(archive)).map(
    ({ day, log_group, log_stream, ts, message }) =>
      `${day} ${log_group} ${log_stream} ${ts?.toISOString() ?? "-"} ${message}`,
  );

it("has every event of every stream once, whole, and the seal names the file", async () => {
  const sealable = new Sealable();
  const b = await sealable.put("/b", {
    _hidden: `${noon} one\n`,
    ".dot": `${noon} two\n  goes on\n`,
    "ünï \u{1f600}": `${noon} three`,
  });
  const a = await sealable.put("/a", { main: `text before any time\n${noon} late\n${midnight} early\n` });
  await sealable.put("/empty", {});
  expect(await sealable.step()).toMatchObject({ status: "finished", notSealed: 0 });
  expect(await told(sealable)).toEqual([
    `${yesterday} /a main - text before any time`,
    `${yesterday} /a main ${midnight} early`,
    `${yesterday} /a main ${noon} late`,
    `${yesterday} /b .dot ${noon} two\n  goes on`,
    `${yesterday} /b _hidden ${noon} one`,
    `${yesterday} /b ünï \u{1f600} ${noon} three`,
  ]);
  const [seal, ...more] = (await sealsByDay(sealable.archive)).get(`${account} ${yesterday}`) ?? [];
  expect(more).toEqual([]);
  const taskIds = [a, b].flatMap(({ tasks }) => tasks.map(({ taskId }) => taskId)).sort();
  expect(seal?.eventFiles.map(({ events, taskIds }) => [events, [...taskIds].sort()])).toEqual([[6, taskIds]]);
  expect(parseEventFileKey(seal?.eventFiles[0]?.key ?? "")).toMatchObject({ day: yesterday, account, kind: "events" });
});

/** A function whose time is over after it was asked so often whether there is some left. */
function timeFor(objects: number): () => number {
  let asked = 0;
  return () => {
    asked += 1;
    return asked > objects ? 30_000 : 900_000;
  };
}

it("has the events of an item that takes several steps once, and of what is around it", async () => {
  const sealable = new Sealable();
  const streams = Object.fromEntries(Array.from({ length: 7 }, (_, n) => [`s${n}`, `${noon} ${n}\n`]));
  await sealable.put("/large", streams);
  await sealable.put("/small", { main: `${noon} x\n` });
  let progress = await sealable.step(null, { remainingMs: timeFor(3) });
  let steps = 1;
  for (; progress.status === "more"; steps += 1)
    progress = await sealable.step(progress.cursor, { remainingMs: timeFor(3) });
  expect(steps).toBeGreaterThan(2);
  expect((await told(sealable)).sort()).toEqual(
    [
      ...Object.keys(streams).map((stream, n) => `${yesterday} /large ${stream} ${noon} ${n}`),
      `${yesterday} /small main ${noon} x`,
    ].sort(),
  );
});

it("names no event of an item that cannot be sealed, whatever was read of it", async () => {
  const sealable = new Sealable();
  const receipt = await sealable.put("/damaged", { a: `${noon} x\n`, b: `${noon} y\n` });
  await sealable.put("/whole", { main: `${noon} z\n` });
  const damaged = `${receipt.tasks[0]?.prefix}b/000000.gz`;
  const { archive } = sealable;
  const broken = Object.assign(Object.create(archive), {
    stream: async (key: string) => {
      const stream = await archive.stream(key);
      return stream && key === damaged ? { ...stream, bytes: [Buffer.alloc(stream.size)] } : stream;
    },
  });
  expect(await sealable.step(null, { archive: broken })).toMatchObject({ notSealed: 1 });
  expect(await told(sealable)).toEqual([`${yesterday} /whole main ${noon} z`]);
});

describe("an event of the millisecond that two days share", () => {
  it("is there once, with the day that it begins, where both exports have it", async () => {
    const sealable = new Sealable([before, yesterday]);
    await sealable.put("/a", { main: `${midnight} shared\n` }, before);
    await sealable.put("/a", { main: `${midnight} shared\n${noon} x\n` });
    await sealable.step();
    expect(await told(sealable)).toEqual([`${yesterday} /a main ${midnight} shared`, `${yesterday} /a main ${noon} x`]);
  });

  it("is there once, with the day before, where only that has it, as soon as the next day is sealed", async () => {
    const sealable = new Sealable([before, yesterday]);
    await sealable.put("/a", { main: `${before}T12:00:00.000Z own\n${midnight} ahead\n` }, before);
    await sealable.step();
    expect(await told(sealable)).toEqual([`${before} /a main ${before}T12:00:00.000Z own`]);
    await sealable.put("/a", { main: `${noon} x\n` });
    const { cursor } = await sealable.step();
    expect((await told(sealable)).sort()).toEqual([
      `${before} /a main ${before}T12:00:00.000Z own`,
      `${before} /a main ${midnight} ahead`,
      `${yesterday} /a main ${noon} x`,
    ]);
    expect(cursor.seals).toEqual([
      { day: before, first: 1, last: 1 },
      { day: yesterday, first: 1, last: 1 },
      { day: before, first: 2, last: 2 },
    ]);
    await sealable.step();
    expect(await sealable.archive.read(sealKey(before, account, 3))).toBeUndefined();
  });

  it("stays with the day before where the next day is archived after that was settled", async () => {
    const sealable = new Sealable([before, yesterday]);
    await sealable.put("/a", { main: `${midnight} shared\n` }, before);
    await sealable.put("/other", { main: `${noon} x\n` });
    await sealable.step();
    expect(await told(sealable)).toEqual([
      `${before} /a main ${midnight} shared`,
      `${yesterday} /other main ${noon} x`,
    ]);
    await sealable.put("/a", { main: `${midnight} shared\n${midnight} another\n` });
    await sealable.step();
    expect((await told(sealable)).sort()).toEqual([
      `${before} /a main ${midnight} shared`,
      `${yesterday} /a main ${midnight} another`,
      `${yesterday} /other main ${noon} x`,
    ]);
  });

  it("waits for a next day that has failed while runs try it again, and goes with that once it is archived", async () => {
    const sealable = new Sealable([before, yesterday]);
    await sealable.put("/a", { main: `${midnight} shared\n` }, before);
    await sealable.put("/other", { main: `${noon} x\n` });
    const failed = coverageLine({ day: yesterday, logGroup: "/a", outcome: "failed", reason: "deadline" });
    await putCoverage(sealable.archive, "run-1", [failed]);
    await sealable.step();
    expect(await told(sealable)).toEqual([`${yesterday} /other main ${noon} x`]);
    await sealable.put("/a", { main: `${midnight} shared\n` });
    await sealable.step();
    expect((await told(sealable)).sort()).toEqual([
      `${yesterday} /a main ${midnight} shared`,
      `${yesterday} /other main ${noon} x`,
    ]);
  });

  it("stays with the day before where the next day has failed in the last run that tries it", async () => {
    const sealable = new Sealable([yesterday]);
    await sealable.put("/a", { main: `${midnight} shared\n` }, before);
    const failed = coverageLine({ day: yesterday, logGroup: null, outcome: "failed", reason: "access-denied" });
    await putCoverage(sealable.archive, "run-1", [failed]);
    await new Sealable([before], [], sealable.archive).step();
    await sealable.step();
    expect(await told(sealable)).toEqual([`${before} /a main ${midnight} shared`]);
  });

  it("is settled by the run that seals the next day, also where the look-back does not reach the day itself", async () => {
    const sealable = new Sealable([before]);
    await sealable.put("/a", { main: `${midnight} ahead\n` }, before);
    await sealable.step();
    const next = new Sealable([yesterday], [], sealable.archive);
    await next.put("/a", { main: `${noon} x\n` });
    await next.step();
    expect(await told(next)).toEqual([`${before} /a main ${midnight} ahead`, `${yesterday} /a main ${noon} x`]);
  });
});

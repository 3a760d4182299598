import type { S3Store } from "../../../handlers/archive/s3-store";
import { putNext, readText } from "../../../handlers/archive/store";
import { closeAll, type Emulated, emulate } from "../support/emulated";
import { on, once, times } from "../support/faults";
import { bucket, start } from "../support/organisation";

afterEach(closeAll);

function archiveOf(emulated: Emulated, name = bucket): S3Store {
  return emulated.store(name);
}

async function listed(archive: S3Store, prefix: string) {
  const objects = [];
  for await (const object of archive.list(prefix)) objects.push(object);
  return objects;
}

it("reads what it has written", async () => {
  const archive = archiveOf(await emulate());
  expect(await archive.putOnce("runs/a/plan.json", "größe 日誌", "application/json")).toBe("written");
  expect(await readText(archive, "runs/a/plan.json")).toBe("größe 日誌");
});

it("leaves what is there already", async () => {
  const emulated = await emulate();
  emulated.put("runs/a/plan.json", "first");
  expect(await archiveOf(emulated).putOnce("runs/a/plan.json", "second", "application/json")).toBe("exists");
  expect(emulated.text("runs/a/plan.json")).toBe("first");
});

it("tries again when two conditional writes met, which decides nothing", async () => {
  const emulated = await emulate();
  const conflict = { kind: "error", name: "ConditionalRequestConflict", status: 409 } as const;
  emulated.rules.push(times(2, on("PutObject", conflict)));
  expect(await archiveOf(emulated).putOnce("runs/a/plan.json", "text", "application/json")).toBe("written");
});

it("takes an object for another writer's when its own answer was lost: the caller reads what stands", async () => {
  const emulated = await emulate();
  emulated.rules.push(once(on("PutObject", { kind: "drop-after" })));
  const archive = archiveOf(emulated);
  expect(await archive.putOnce("runs/a/plan.json", "text", "application/json")).toBe("exists");
  expect(await readText(archive, "runs/a/plan.json")).toBe("text");
});

it("numbers on when a key is taken", async () => {
  const emulated = await emulate();
  const archive = archiveOf(emulated);
  const put = () => putNext(archive, (n) => `coverage/a-${n}.jsonl`, "{}", "application/x-ndjson");
  expect([await put(), await put(), await put()]).toEqual([1, 2, 3]);
});

describe("an object that cannot be read", () => {
  it("is not there if S3 says that there is no such key", async () => {
    expect(await readText(archiveOf(await emulate()), "runs/a/plan.json")).toBeUndefined();
  });

  it.each([
    ["AccessDenied", 403],
    ["NoSuchBucket", 404],
    ["NotFound", 404],
    ["InternalError", 500],
    ["SlowDown", 503],
  ])("is an error if S3 says %s, and never absent", async (name, status) => {
    const emulated = await emulate();
    emulated.rules.push(on("GetObject", { kind: "error", name, status }));
    await expect(readText(archiveOf(emulated), "runs/a/plan.json")).rejects.toMatchObject({ name });
  });

  it("is an error in a bucket that does not exist", async () => {
    const archive = archiveOf(await emulate(), "another-bucket");
    await expect(readText(archive, "runs/a/plan.json")).rejects.toMatchObject({ name: "NoSuchBucket" });
    await expect(listed(archive, "runs/")).rejects.toMatchObject({ name: "NoSuchBucket" });
  });

  it("is an error in a listing that breaks off", async () => {
    const emulated = await emulate();
    for (let index = 0; index < 1001; index += 1) emulated.put(`receipts/${index}`, "");
    const second = on(
      "ListObjectsV2",
      { kind: "error", name: "AccessDenied", status: 403 },
      ({ input }) => input.ContinuationToken !== undefined,
    );
    emulated.rules.push(second);
    await expect(listed(archiveOf(emulated), "receipts/")).rejects.toMatchObject({ name: "AccessDenied" });
  });
});

it("lists every object below a prefix, on however many pages, and no other", async () => {
  const emulated = await emulate();
  for (let index = 0; index < 1001; index += 1) emulated.put(`receipts/${index}`, "x".repeat(index % 3));
  emulated.put("receipts2/0", "");
  const objects = await listed(archiveOf(emulated), "receipts/");
  expect(objects).toHaveLength(1001);
  expect(objects.find(({ key }) => key === "receipts/5")).toMatchObject({ key: "receipts/5", size: 2 });
});

it("lists keys with whatever characters streams have", async () => {
  const emulated = await emulate();
  const keys = ["a b+c%20d", "[$LATEST]é日", "quote'\"&<>", "line\nend", "\u{1f600}"].map(
    (name) => `1/${name}/000000.gz`,
  );
  for (const key of keys) emulated.put(key, "x");
  expect((await listed(archiveOf(emulated), "1/")).map(({ key }) => key).sort()).toEqual([...keys].sort());
});

describe("a call that fails for a passing reason", () => {
  it.each([
    ["is throttled", { kind: "error", name: "SlowDown", status: 503 }],
    ["meets a service that failed", { kind: "error", name: "InternalError", status: 500 }],
    ["loses its connection", { kind: "drop-before" }],
  ] as const)("is repeated on the injected clock when it %s", async (_, fault) => {
    const emulated = await emulate();
    emulated.put("key", "text");
    emulated.rules.push(times(3, on("GetObject", fault)));
    expect(await readText(archiveOf(emulated), "key")).toBe("text");
    expect(emulated.calls("GetObject")).toHaveLength(4);
    expect(emulated.clock.now() - start).toBe(0.5 * (400 + 800 + 1600));
  });

  it("fails after 90 seconds at the most", async () => {
    const emulated = await emulate();
    emulated.rules.push(on("GetObject", { kind: "error", name: "SlowDown", status: 503 }));
    await expect(readText(archiveOf(emulated), "key")).rejects.toMatchObject({ name: "SlowDown" });
    expect(emulated.calls("GetObject")).toHaveLength(9);
    expect(2 * (emulated.clock.now() - start)).toBeLessThanOrEqual(90_000);
  });

  it("is not repeated when it is certain to fail again", async () => {
    const emulated = await emulate();
    emulated.rules.push(on("GetObject", { kind: "error", name: "AccessDenied", status: 403 }));
    await expect(readText(archiveOf(emulated), "key")).rejects.toMatchObject({ name: "AccessDenied" });
    expect(emulated.calls("GetObject")).toHaveLength(1);
  });
});

it("asks S3 for nothing but reading, listing, and writing what is not there", async () => {
  const emulated = await emulate();
  const archive = archiveOf(emulated);
  await archive.putOnce("a", "{}", "application/json");
  await readText(archive, "a");
  await listed(archive, "a");
  expect(new Set(emulated.cloud.calls.map(({ operation }) => operation))).toEqual(
    new Set(["PutObject", "GetObject", "ListObjectsV2"]),
  );
  expect(emulated.calls("PutObject")).toMatchObject([{ input: { IfNoneMatch: "*" } }]);
});

import { gzipSync } from "node:zlib";
import fc from "fast-check";
import type { LogGroup } from "../../apps/emulator";
import { weightOf } from "../../apps/verify/findings";
import { type Verification, type VerifyOptions, verify } from "../../apps/verify/verify";
import type { GivenHead } from "../../apps/verify/verify-digests";
import {
  accountListKey,
  coverageKey,
  digestKey,
  eventFileKey,
  planKey,
  receiptKey,
  reportKey,
  sealingSummaryKey,
  sealKey,
  signatureKey,
} from "../../handlers/archive/layout";
import { Receipt } from "../../handlers/archive/records";
import { MemoryBucket } from "../handlers/archive/support/memory-bucket";
import { closeAll, type Emulated, emulate } from "../handlers/support/emulated";
import { account } from "../handlers/support/examples";
import { bucket, logGroup, member, stream, world } from "../handlers/support/organisation";
import { runOnce } from "../handlers/support/run";
import { keyOfRuns, type SigningKey, sealAndSign, signingKey, unseal } from "./support/sealed-archive";
import { VersionedBucket } from "./support/versioned-bucket";

/** Every kind of damage, planted one at a time in an archive that two runs have made, sealed and signed. */

const other = "300000000001";
const [first, second] = ["2026-11-18", "2026-11-19"] as const;
let emulated: Emulated;
let key: SigningKey;
let intact: ReadonlyMap<string, Buffer>;
let head: GivenHead;

/** No two log groups hold the same. */
function at(name: string, minute: number, change: Partial<LogGroup> = {}): LogGroup {
  const events = [first, second].map((day) => Date.parse(`${day}T12:0${minute}:00.000Z`));
  return logGroup(name, { streams: [stream("main", ...events)], ...change });
}

beforeAll(async () => {
  emulated = await emulate({
    world: world(
      [
        at("/app/web", 1),
        at("/app/api", 2),
        logGroup("/quiet", { streams: [] }),
        at("/app/web", 3, { account: other }),
      ],
      [member(account), member(other)],
    ),
  });
  for (const [runId, day] of [
    ["run-1", first],
    ["run-2", second],
  ] as const)
    head = (await runOnce(emulated, { runId, request: { days: [day] } })).signed.head;
  key = keyOfRuns(emulated);
  intact = new Map([...emulated.cloud.s3.objects(bucket)].map(({ key: one, body }) => [one, Buffer.from(body)]));
});
afterAll(closeAll);

function archive(): MemoryBucket {
  return new MemoryBucket(bucket, new Map(intact));
}

async function check(damaged: MemoryBucket, change: Partial<VerifyOptions> = {}): Promise<Verification> {
  return verify(damaged, {
    ...{ range: {}, keys: key.verification, heads: [{ ...head, bucket: damaged.bucket }], deep: true },
    ...{ verified: new Set<string>(), onDay: () => {} },
    ...change,
  });
}

const damageOf = ({ findings }: Verification) =>
  findings.filter((finding) => weightOf(finding) === "damage").map(({ kind, detail }) => `${kind} ${detail}`);

test("an intact archive has no findings, and its digests are signed", async () => {
  const result = await check(archive());
  expect(result.findings).toEqual([]);
  expect(result).toMatchObject({ digests: 2, signed: 2, head: `${head.sequence}:${head.sha256}` });
});

test("what is not as it was sealed is named by its key, and by one finding of a kind alone", async () => {
  const found = async (name: string) => {
    const damaged = archive();
    damages[name]?.(damaged);
    return damageOf(await check(damaged));
  };
  expect(await found("an object renamed")).toEqual([
    expect.stringMatching(
      /^changed-listing .*as many objects and bytes as the receipt says, .*; missing: main\/000000.gz; not sealed: main\/000001.gz$/,
    ),
  ]);
  expect(await found("an object added")).toEqual([
    expect.stringMatching(/^added-keys .*; not sealed: main\/000001.gz$/),
  ]);
  const truncated = await found("an object truncated");
  expect(truncated).toContainEqual(expect.stringMatching(/^changed-listing .*; of another size: main\/000000.gz$/));
  expect(truncated.filter((text) => text.startsWith("changed-object"))).toHaveLength(1);
  const deleted = archive();
  deleted.objects.delete(receiptOf("/app/web"));
  expect(damageOf(await check(deleted)).filter((text) => text.startsWith("missing-receipt"))).toEqual([
    `missing-receipt ${receiptOf("/app/web")}`,
  ]);
  const edited = archive();
  change(edited, coverageOfDay(), (text) => text.replace('"at":"2026', '"at":"2025'));
  expect(damageOf(await check(edited)).filter((text) => text === `changed-record ${coverageOfDay()}`)).toHaveLength(1);
});

test("a signature that is gone is told as deleted where the digest's head is known", async () => {
  const damaged = archive();
  damaged.objects.delete(signatureKey(2));
  const details = async (heads: readonly GivenHead[]) =>
    (await check(damaged, { heads })).findings.filter(({ kind }) => kind === "not-signed").map(({ detail }) => detail);
  expect(await details([head])).toContain(
    `${digestKey(2)} has no signature, which was there when its head was told: it was deleted`,
  );
  expect(await details([])).toContain(`${digestKey(2)} has no signature`);
});

/** The objects of a log group's day. */
function dataOf(day: string, logGroupName: string, id = account): string[] {
  const stored = intact.get(receiptKey(day, id, logGroupName, 1));
  const { tasks } = Receipt.parse(JSON.parse(stored?.toString("utf8") ?? ""));
  return [...intact.keys()].filter((one) => tasks.some(({ prefix }) => one.startsWith(prefix)));
}

function change(damaged: MemoryBucket, at: string, edit: (text: string) => string): void {
  const before = damaged.objects.get(at)?.toString("utf8") ?? "";
  const after = edit(before);
  if (after === before) throw new Error(`Nothing was changed in ${at}`);
  damaged.objects.set(at, Buffer.from(after));
}

function move(damaged: MemoryBucket, from: string, to: string): void {
  damaged.objects.set(to, damaged.objects.get(from) ?? Buffer.alloc(0));
  damaged.objects.delete(from);
}

function swap(damaged: MemoryBucket, a: string, b: string): void {
  const body = damaged.objects.get(a);
  damaged.objects.set(a, damaged.objects.get(b) ?? Buffer.alloc(0));
  damaged.objects.set(b, body ?? Buffer.alloc(0));
}

function remove(damaged: MemoryBucket, isGone: (key: string) => boolean): void {
  for (const one of [...damaged.objects.keys()]) if (isGone(one)) damaged.objects.delete(one);
}

function sameSize(body: Buffer): Buffer {
  for (let n = 0; n < 1000; n += 1) {
    const text = `2026-11-19T12:00:00.000Z main ${String(n).padStart(10, "0")}\n`;
    for (const level of [9, 6, 1, 0]) {
      const forged = gzipSync(text, { level });
      if (forged.length === body.length && !forged.equals(body)) return forged;
    }
  }
  const forged = Buffer.from(body);
  forged[9] = (forged[9] ?? 0) ^ 1;
  return forged;
}

const web = () => dataOf(second, "/app/web")[0] ?? "";
const api = () => dataOf(second, "/app/api")[0] ?? "";
const receiptOf = (name: string, n = 1, day: string = second) => receiptKey(day, account, name, n);
const coverageOfDay = () => coverageKey(second, account, "run-2", 1);
const receiptText = (name: string) => intact.get(receiptOf(name))?.toString("utf8") ?? "";

const damages: Readonly<Record<string, (damaged: MemoryBucket) => void>> = {
  // objects
  "an object deleted": (damaged) => damaged.objects.delete(web()),
  "an object added": (damaged) => damaged.objects.set(web().replace("000000.gz", "000001.gz"), gzipSync("x")),
  "an object renamed": (damaged) => move(damaged, web(), web().replace("000000.gz", "000001.gz")),
  "an object's key in another case": (damaged) => move(damaged, web(), web().replace("main", "MAIN")),
  "an object truncated": (damaged) =>
    damaged.objects.set(web(), damaged.objects.get(web())?.subarray(0, -1) ?? Buffer.alloc(0)),
  "an object extended": (damaged) =>
    damaged.objects.set(web(), Buffer.concat([damaged.objects.get(web()) ?? Buffer.alloc(0), Buffer.alloc(1)])),
  "two objects swapped": (damaged) => swap(damaged, web(), api()),
  "an object replaced at equal size": (damaged) =>
    damaged.objects.set(web(), sameSize(damaged.objects.get(web()) ?? Buffer.alloc(0))),
  "another day's object replayed": (damaged) =>
    damaged.objects.set(web(), damaged.objects.get(dataOf(first, "/app/web")[0] ?? "") ?? Buffer.alloc(0)),
  "another account's object put in": (damaged) =>
    damaged.objects.set(web(), damaged.objects.get(dataOf(second, "/app/web", other)[0] ?? "") ?? Buffer.alloc(1)),
  // receipts
  "a receipt deleted": (damaged) => damaged.objects.delete(receiptOf("/app/web")),
  "a second receipt forged": (damaged) =>
    damaged.objects.set(receiptOf("/app/web", 2), Buffer.from(receiptText("/app/web"))),
  "a second receipt forged, of a run that never was": (damaged) =>
    damaged.objects.set(receiptOf("/app/web", 2), Buffer.from(receiptText("/app/web").replace("run-2", "run-9"))),
  "a third receipt forged, without a second": (damaged) =>
    damaged.objects.set(receiptOf("/app/web", 3), Buffer.from(receiptText("/app/web"))),
  "two log groups' receipts exchanged": (damaged) => swap(damaged, receiptOf("/app/web"), receiptOf("/app/api")),
  "two log groups' tasks exchanged": (damaged) => {
    const [one, two] = ["/app/web", "/app/api"].map((name) => Receipt.parse(JSON.parse(receiptText(name))));
    if (!one || !two) throw new Error("There are no receipts");
    const counts = ({ tasks, objects, bytes }: Receipt) => ({ tasks, objects, bytes });
    damaged.objects.set(receiptOf("/app/web"), Buffer.from(JSON.stringify({ ...one, ...counts(two) })));
    damaged.objects.set(receiptOf("/app/api"), Buffer.from(JSON.stringify({ ...two, ...counts(one) })));
  },
  "a receipt's window narrowed": (damaged) =>
    change(damaged, receiptOf("/app/web"), (text) =>
      text.replaceAll(/"to":(\d+)/g, (_, to) => `"to":${Number(to) - 1}`),
    ),
  "an object and its receipt rewritten together": (damaged) => {
    const forged = gzipSync("2026-11-19T12:00:00.000Z forged\n");
    const size = damaged.objects.get(web())?.length ?? 0;
    damaged.objects.set(web(), forged);
    change(damaged, receiptOf("/app/web"), (text) =>
      text.replaceAll(`"bytes":${size}`, `"bytes":${forged.length}`).replace(/"runId"/, ' "runId"'),
    );
  },
  // coverage
  "coverage deleted": (damaged) => damaged.objects.delete(coverageOfDay()),
  "coverage back-dated": (damaged) =>
    change(damaged, coverageOfDay(), (text) => text.replace(/"at":"2026/, '"at":"2025')),
  "coverage about another account": (damaged) =>
    change(damaged, coverageOfDay(), (text) => text.replace(account, other)),
  "coverage about another day": (damaged) => change(damaged, coverageOfDay(), (text) => text.replace(second, first)),
  "coverage added by a run that never was": (damaged) =>
    damaged.objects.set(
      coverageKey(second, account, "run-9", 1),
      damaged.objects.get(coverageOfDay()) ?? Buffer.alloc(0),
    ),
  "coverage added to a signed run": (damaged) =>
    damaged.objects.set(
      coverageKey(second, account, "run-2", 2),
      damaged.objects.get(coverageOfDay()) ?? Buffer.alloc(0),
    ),
  // runs
  ...Object.fromEntries(
    (
      [
        ["report", () => reportKey("run-2")],
        ["plan", () => planKey("run-2", account)],
        ["list of accounts", () => accountListKey("run-2")],
        ["outcomes", () => [...intact.keys()].find((one) => one.startsWith("runs/run-2/outcomes/")) ?? ""],
        ["summary", () => [...intact.keys()].find((one) => one.startsWith("runs/run-2/summaries/")) ?? ""],
        ["summary of what was sealed", () => sealingSummaryKey("run-2", account, 1)],
      ] as const
    ).flatMap(([name, keyOf]) => [
      [
        `a run's ${name} changed`,
        (damaged: MemoryBucket) => change(damaged, keyOf(), (text) => text.replace("run-2", "run-3")),
      ],
      [`a run's ${name} deleted`, (damaged: MemoryBucket) => damaged.objects.delete(keyOf())],
    ]),
  ),
  "a record added to a signed run": (damaged) =>
    damaged.objects.set(
      planKey("run-2", "300000000009"),
      damaged.objects.get(planKey("run-2", account)) ?? Buffer.alloc(0),
    ),
  // whole
  "a log group removed with every record of it": (damaged) => {
    remove(damaged, (one) => dataOf(second, "/app/web").includes(one) || one === receiptOf("/app/web"));
    change(damaged, coverageOfDay(), (text) =>
      text
        .split("\n")
        .filter((line) => !line.includes('"/app/web"'))
        .join("\n"),
    );
  },
  "an account removed with every record of it": (damaged) => remove(damaged, (one) => one.includes(other)),
  "a day removed with every record of it": (damaged) => remove(damaged, (one) => one.includes(second)),
  "the newest day removed together with its run and its digest": (damaged) =>
    remove(
      damaged,
      (one) => one.includes(second) || one.includes("run-2") || one.startsWith(digestKey(2).replace(".json", "")),
    ),
  "the oldest day removed together with its run and its digest": (damaged) =>
    remove(
      damaged,
      (one) => one.includes(first) || one.includes("run-1") || one.startsWith(digestKey(1).replace(".json", "")),
    ),
  "everything removed but the digests": (damaged) => remove(damaged, (one) => !one.startsWith("digests/")),
  "another archive's account merged in": (damaged) => {
    for (const [one, body] of intact)
      if (one.includes(other))
        damaged.objects.set(
          one.replaceAll(other, "300000000009"),
          Buffer.from(body.toString("latin1").replaceAll(other, "300000000009"), "latin1"),
        );
  },
  // seals and digests
  "a seal removed": (damaged) => damaged.objects.delete(sealKey(second, account, 1)),
  "a seal changed": (damaged) =>
    change(damaged, sealKey(second, account, 1), (text) => text.replace(/"rawBytes":\d+/, '"rawBytes":1')),
  "all seals removed": (damaged) => remove(damaged, (one) => one.startsWith("seals/")),
  "the first digest removed": (damaged) => remove(damaged, (one) => one.startsWith(digestKey(1).replace(".json", ""))),
  "the newest digest removed": (damaged) => remove(damaged, (one) => one.startsWith(digestKey(2).replace(".json", ""))),
  "all digests removed": (damaged) => remove(damaged, (one) => one.startsWith("digests/")),
  "all seals and digests removed": (damaged) => unseal(damaged.objects),
  "a digest changed": (damaged) =>
    change(damaged, digestKey(2), (text) => text.replace('"endedAt":"2026', '"endedAt":"2025')),
  "a signature changed": (damaged) => {
    const signature = Buffer.from(damaged.objects.get(signatureKey(2)) ?? Buffer.alloc(0));
    signature[signature.length - 1] = (signature.at(-1) ?? 0) ^ 1;
    damaged.objects.set(signatureKey(2), signature);
  },
  "a digest signed with another key": (damaged) => {
    remove(damaged, (one) => one.startsWith(digestKey(2).replace(".json", "")) || one === "runs/run-2/head.json");
    sealAndSign(bucket, damaged.objects, "run-2", signingKey());
  },
  "everything rewritten and signed with the stolen key": (damaged) => {
    unseal(damaged.objects);
    const forged = gzipSync("2026-11-19T12:00:00.000Z forged\n");
    const size = damaged.objects.get(web())?.length ?? 0;
    damaged.objects.set(web(), forged);
    change(damaged, receiptOf("/app/web"), (text) => text.replaceAll(`"bytes":${size}`, `"bytes":${forged.length}`));
    for (const runId of ["run-1", "run-2"]) sealAndSign(bucket, damaged.objects, runId, key);
  },
};

test.each(Object.entries(damages))("%s: found, and named", async (_name, plant) => {
  const damaged = archive();
  plant(damaged);
  expect(damageOf(await check(damaged))).not.toEqual([]);
});

test.each([
  ["the newest digest removed", [2]],
  ["all digests removed", [1, 2]],
] as const)("%s is told by the runs' heads, without one that was kept", async (name, lost) => {
  const damaged = archive();
  damages[name]?.(damaged);
  expect(damageOf(await check(damaged, { heads: [] }))).toEqual(
    lost.map(
      (sequence) => `broken-digests ${digestKey(sequence)} is missing, and runs/run-${sequence}/head.json names it`,
    ),
  );
});

/** As it stands in a bucket that keeps versions, and was damaged through S3's own calls. */
function onVersions(damaged: MemoryBucket, keeps: "versions" | "nothing"): VersionedBucket {
  return new VersionedBucket(emulated, bucket, damaged.objects, intact, keeps);
}

describe.each([
  ["with every earlier version still there", "versions"],
  ["with every earlier version deleted for good", "nothing"],
] as const)("in a bucket that keeps versions, %s", (_, keeps) => {
  test("nothing is found while it is intact", async () => {
    expect((await check(onVersions(archive(), keeps))).findings).toEqual([]);
  });

  test.each(Object.entries(damages))("%s: found, and named", async (_name, plant) => {
    const damaged = archive();
    plant(damaged);
    expect(damageOf(await check(onVersions(damaged, keeps)))).not.toEqual([]);
  });
});

test("an object that was deleted for good and written again with its own bytes is found by its version", async () => {
  const replaced = onVersions(archive(), "nothing");
  replaced.replace(web());
  expect(damageOf(await check(replaced))).toEqual([expect.stringMatching(/^changed-object .*version$/)]);
});

test("the bucket renamed: found", async () => {
  const renamed = new MemoryBucket(bucket.replace("200000000000", "210000000000"), new Map(intact));
  expect(damageOf(await check(renamed)).map((text) => text.split(" ")[0])).toContain("foreign-digest");
});

test("only the head tells that the newest run was removed with all that it wrote, or all was rewritten with the stolen key", async () => {
  for (const name of [
    "the newest day removed together with its run and its digest",
    "everything rewritten and signed with the stolen key",
  ]) {
    const damaged = archive();
    damages[name]?.(damaged);
    expect(damageOf(await check(damaged, { heads: [] })).filter((text) => !text.startsWith("changed-listing"))).toEqual(
      [],
    );
    expect(damageOf(await check(damaged))).toEqual(expect.arrayContaining([expect.stringMatching(/^head-not-found/)]));
  }
});

test.each(["exported", "empty", "skipped", "failed"])(
  "an outcome turned into another one than %s: found",
  async (outcome) => {
    const damaged = archive();
    change(damaged, coverageOfDay(), (text) =>
      text.replace(
        /"outcome":"(\w+)"/,
        (_, now) =>
          `"outcome":"${now === outcome ? "skipped" : outcome}${now === outcome && outcome === "skipped" ? "x" : ""}"`,
      ),
    );
    expect(damageOf(await check(damaged))).not.toEqual([]);
  },
);

test("any single byte changed anywhere, the write test aside, is found", async () => {
  const keys = [...intact.keys()].filter((one) => !one.endsWith("/aws-logs-write-test")).sort();
  const place = fc.record({
    index: fc.nat(keys.length - 1),
    at: fc.double({ min: 0, max: 0.999, noNaN: true }),
    by: fc.integer({ min: 1, max: 255 }),
  });
  await fc.assert(
    fc.asyncProperty(place, async ({ index, at, by }) => {
      const damaged = archive();
      const one = keys[index] ?? "";
      const body = Buffer.from(damaged.objects.get(one) ?? Buffer.alloc(0));
      if (body.length === 0) return;
      const position = Math.floor(at * body.length);
      body[position] = ((body[position] ?? 0) + by) % 256;
      damaged.objects.set(one, body);
      const { findings } = await check(damaged);
      expect([one, position, findings.length > 0]).toEqual([one, position, true]);
    }),
    { seed: 20_261_122, numRuns: 300 },
  );
});

describe("an event file, which is made from the evidence", () => {
  const eventFile = () =>
    [...intact.keys()].find((one) => one.startsWith(`events/day=${second}/account=${account}/`)) ?? "";
  const findingsOf = async (damaged: MemoryBucket, deep = true) =>
    (await check(damaged, { deep })).findings.map((finding) => [finding.kind, finding.detail, weightOf(finding)]);

  test("is damaged where its bytes are not those that were sealed, also of the same size if it is read", async () => {
    const shorter = archive();
    shorter.objects.set(eventFile(), Buffer.from("x"));
    expect(await findingsOf(shorter, false)).toEqual([["changed-object", `${eventFile()}: its size`, "damage"]]);
    const changed = archive();
    const body = Buffer.from(intact.get(eventFile()) ?? "");
    body.writeUInt8((body[20] ?? 0) ^ 1, 20);
    changed.objects.set(eventFile(), body);
    expect(await findingsOf(changed)).toEqual([["changed-object", eventFile(), "damage"]]);
  });

  test("is no damage where it is gone, or where no seal names it", async () => {
    const gone = archive();
    gone.objects.delete(eventFile());
    expect(await findingsOf(gone)).toEqual([["missing-event-file", eventFile(), "known"]]);
    const more = archive();
    const unnamed = eventFileKey(second, account, "events", "0".repeat(64));
    more.objects.set(unnamed, Buffer.from("x"));
    expect(await findingsOf(more)).toEqual([["orphan-event-file", unnamed, "known"]]);
  });
});

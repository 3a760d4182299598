import { gzipSync } from "node:zlib";
import { coverageKey, receiptKey, sealingSummaryKey, sealKey } from "../../../handlers/archive/layout";
import { countObjects } from "../../../handlers/archive/receipts";
import { Report, SealingSummary } from "../../../handlers/archive/records";
import { closeAll, type Emulated, emulate } from "../support/emulated";
import { account } from "../support/examples";
import { HandlerCalls } from "../support/handler-calls";
import { bucket, logGroup, world, yesterday } from "../support/organisation";
import { runOnce } from "../support/run";
import { sealsOf } from "../support/seals";

afterEach(closeAll);

/** Exports two log groups, lets something happen to the archive, and seals. */
async function sealAfter(damage: (emulated: Emulated, prefix: string) => void) {
  const emulated = await emulate({ world: world([logGroup("/a"), logGroup("/b")]) });
  const fixture = new HandlerCalls(emulated);
  const run = await fixture.listAccounts();
  await fixture.step(run, (await fixture.planExports(run)).cursor);
  await fixture.recordCoverage(run);
  const [task] = emulated.receipts().find((receipt) => receipt.logGroup === "/a")?.tasks ?? [];
  damage(emulated, task?.prefix ?? "");
  const progress = await fixture.sealAccount(run);
  const report = await fixture.reportRun(run);
  return { emulated, progress, report };
}

const objectOf = (emulated: Emulated, prefix: string) => emulated.keys(prefix)[0] ?? "";
const again = (emulated: Emulated, key: string, body: Buffer) => {
  const versions = emulated.cloud.s3.versions(bucket, key);
  for (const { versionId } of versions) emulated.cloud.s3.delete(bucket, key, versionId, emulated.clock.now());
  emulated.cloud.s3.put(bucket, key, body, emulated.clock.now());
};

/** S3 gives the other objects. */
const refusing = (name: string, status: number) => (emulated: Emulated, prefix: string) => {
  const refused = objectOf(emulated, prefix);
  emulated.rules.push(({ operation, input }) =>
    operation === "GetObject" && input.Key === refused
      ? { kind: "error", name, message: "Refused", status }
      : undefined,
  );
};

const damages: [what: string, damage: (emulated: Emulated, prefix: string) => void, named: RegExp][] = [
  [
    "an object was written a second time",
    (emulated, prefix) => emulated.put(objectOf(emulated, prefix), "x"),
    /has several versions/,
  ],
  [
    "an object was deleted",
    (emulated, prefix) => emulated.cloud.s3.delete(bucket, objectOf(emulated, prefix), undefined, 0),
    /was deleted/,
  ],
  [
    "an object is gone with all its versions",
    (emulated, prefix) => {
      const key = objectOf(emulated, prefix);
      const [version] = emulated.cloud.s3.versions(bucket, key);
      emulated.cloud.s3.delete(bucket, key, version?.versionId, 0);
    },
    /has 0 objects of 0 bytes, and the receipt committed others: 1 of/,
  ],
  ["an object was added", (emulated, prefix) => emulated.put(`${prefix}main/000001.gz`, "x"), /has 2 objects/],
  [
    "an object was replaced by one of the same size, with no version left of the first",
    (emulated, prefix) => {
      const key = objectOf(emulated, prefix);
      const body = Buffer.from(emulated.cloud.s3.object(bucket, key)?.body ?? []);
      body.writeUInt8((body[4] ?? 0) ^ 1, 4);
      again(emulated, key, body);
    },
    /has other objects than the receipt committed, of the same keys and sizes/,
  ],
  ["S3 refuses an object", refusing("AccessDenied", 403), /S3 refuses to give .*: AccessDenied: Refused/],
  ["the key of an object is disabled", refusing("KMS.DisabledException", 400), /S3 refuses to give .*: KMS.Disabled/],
  [
    "the receipt cannot be read",
    (emulated) => again(emulated, receiptKey(yesterday, account, "/a", 1), Buffer.from("{}")),
    /receipts\/.*1\.json/,
  ],
  [
    "the receipt names another prefix",
    (emulated) => {
      const key = receiptKey(yesterday, account, "/a", 1);
      const receipt = JSON.parse(emulated.text(key));
      receipt.tasks[0].prefix = `${account}/2026-11-18/other/`;
      again(emulated, key, Buffer.from(JSON.stringify(receipt)));
    },
    /the receipt names 300000000000\/2026-11-18\/other\/ instead of/,
  ],
];

describe.each(damages)("where %s", (_, damage, named) => {
  it("names the log group, seals the others, and does not end green", async () => {
    const { emulated, progress, report } = await sealAfter(damage);
    expect(progress).toMatchObject({ objects: 1, notSealed: 1 });
    const seals = sealsOf(emulated);
    expect(seals.flatMap(({ seal }) => seal.items.map((item) => item.logGroup))).toEqual(["/b"]);
    expect(seals.flatMap(({ seal }) => seal.coverage)).toHaveLength(1);
    const { causes } = SealingSummary.parse(JSON.parse(emulated.text(sealingSummaryKey("run-1", account, 1))));
    expect(causes).toMatchObject([{ reason: "not-sealed", count: 1, examples: [{ day: yesterday }] }]);
    expect(causes[0]?.examples[0]?.reason).toMatch(named);
    expect(report).toMatchObject({ status: "incomplete", failed: 1, exported: 2 });
    const written = Report.parse(JSON.parse(emulated.text("runs/run-1/report.json")));
    expect(written.causes.find(({ reason }) => reason === "not-sealed")).toMatchObject({
      outcome: "failed",
      accounts: [account],
      advice: expect.stringContaining("verify"),
    });
    expect(written.accounts.find(({ id }) => id === account)?.counts.failed).toBe(1);
  });
});

it("names what cannot be decompressed, though listing and receipt agree on it", async () => {
  const { emulated, progress } = await sealAfter((emulated, prefix) => {
    const key = objectOf(emulated, prefix);
    const body = gzipSync("2026-11-19T12:00:00.000Z x\n").subarray(0, -4);
    again(emulated, key, body);
    const place = receiptKey(yesterday, account, "/a", 1);
    const { tasks, ...receipt } = JSON.parse(emulated.text(place));
    const { versionsSha256: _, ...task } = tasks[0];
    const { listingSha256 } = countObjects([{ key, size: body.length }]);
    const changed = { ...task, objects: 1, bytes: body.length, listingSha256 };
    again(
      emulated,
      place,
      Buffer.from(JSON.stringify({ ...receipt, version: 1, bytes: body.length, tasks: [changed] })),
    );
  });
  expect(progress).toMatchObject({ objects: 1, notSealed: 1 });
  const { causes } = SealingSummary.parse(JSON.parse(emulated.text(sealingSummaryKey("run-1", account, 1))));
  expect(causes[0]?.examples).toMatchObject([
    { logGroup: "/a", reason: expect.stringContaining("cannot be read: unexpected end of file") },
  ]);
});

it("names a coverage object that cannot be read, and binds the others", async () => {
  const { emulated, progress } = await sealAfter((emulated) =>
    emulated.put(coverageKey(yesterday, account, "run-0", 1), '{"account":"300000000001"}\n'),
  );
  expect(progress).toMatchObject({ objects: 2, notSealed: 1 });
  expect(sealsOf(emulated).flatMap(({ seal }) => seal.coverage.map(({ key }) => key))).toEqual([
    coverageKey(yesterday, account, "run-1", 1),
  ]);
});

it.each([
  ["was forged", "{}"],
  ["says that another was before it", JSON.stringify({ version: 1 })],
])("seals no further a day of which a seal %s, and says so", async (_, body) => {
  const { emulated, progress } = await sealAfter((emulated) => emulated.put(sealKey(yesterday, account, 1), body));
  expect(progress).toMatchObject({ objects: 0, notSealed: 1 });
  expect(emulated.keys("seals/")).toEqual([sealKey(yesterday, account, 1)]);
});

it("seals no further a day of which a seal is missing, and says which", async () => {
  const { emulated, progress } = await sealAfter((emulated) => emulated.put(sealKey(yesterday, account, 2), "{}"));
  expect(progress).toMatchObject({ objects: 0, notSealed: 1 });
  const { causes } = SealingSummary.parse(JSON.parse(emulated.text(sealingSummaryKey("run-1", account, 1))));
  expect(causes[0]?.examples[0]?.reason).toBe(`not-sealed: ${sealKey(yesterday, account, 1)} is not in the archive`);
});

it("reports an account whose execution ended before it was sealed", async () => {
  const emulated = await emulate({ world: world([logGroup("/a")]) });
  const fixture = new HandlerCalls(emulated);
  const run = await fixture.listAccounts();
  await fixture.step(run, (await fixture.planExports(run)).cursor);
  await fixture.recordCoverage(run);
  expect(await fixture.reportRun(run)).toMatchObject({ status: "incomplete", exported: 1, failed: 1 });
  expect(await runOnce(emulated, { runId: "run-2" })).toMatchObject({ report: { status: "complete" } });
  expect(sealsOf(emulated)).toMatchObject([{ seal: { runId: "run-2", items: [{ logGroup: "/a" }] } }]);
});

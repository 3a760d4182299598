import { gunzipSync } from "node:zlib";
import { chainFaults } from "../../../handlers/archive/chain";
import { sha256Hex } from "../../../handlers/archive/hashing";
import { receiptKey, sealKey } from "../../../handlers/archive/layout";
import { sealLink } from "../../../handlers/archive/seals";
import { closeAll, type Emulated, emulate } from "../support/emulated";
import { account, day as dayMs, region } from "../support/examples";
import { bucket, logGroup, noonYesterday, start, stream, world, yesterday } from "../support/organisation";
import { runOnce } from "../support/run";
import { sealsOf } from "../support/seals";

afterEach(closeAll);

const stored = (emulated: Emulated, key: string) => emulated.cloud.s3.object(bucket, key)?.body ?? Buffer.alloc(0);

it("binds receipts, coverage and every exported object by the hash of its bytes", async () => {
  const streams = [stream("one", noonYesterday, noonYesterday + 1000), stream("two", noonYesterday - 1000)];
  const emulated = await emulate({ world: world([logGroup("/a", { streams }), logGroup("/b")]) });
  const { accounts, report } = await runOnce(emulated);
  expect(accounts.map(({ sealing }) => sealing)).toMatchObject([{ objects: 3, notSealed: 0 }]);
  expect(report.status).toBe("complete");
  const [first, ...more] = sealsOf(emulated);
  expect(more).toEqual([]);
  expect(first?.key).toBe(sealKey(yesterday, account, 1));
  expect(first?.seal).toMatchObject({ account, region, day: yesterday, n: 1, previousSha256: null, runId: "run-1" });
  const objects = (first?.seal.items ?? []).flatMap((item) => item.objects);
  expect(objects.map(({ key }) => key).sort()).toEqual(emulated.keys(account).filter((key) => key.endsWith(".gz")));
  for (const { key, size, etag, versionId, sha256, rawBytes } of objects) {
    const [version] = emulated.cloud.s3.versions(bucket, key);
    const body = stored(emulated, key);
    expect([size, sha256, rawBytes]).toEqual([body.length, sha256Hex(body), gunzipSync(body).length]);
    expect([`"${etag}"`, versionId]).toEqual([version?.etag, version?.versionId]);
  }
  expect(objects.find(({ key }) => key.includes("/one/"))).toMatchObject({
    events: 2,
    firstEvent: new Date(noonYesterday).toISOString(),
    lastEvent: new Date(noonYesterday + 1000).toISOString(),
  });
  for (const { receipt, receiptSha256, logGroup } of first?.seal.items ?? []) {
    expect(receipt).toBe(receiptKey(yesterday, account, logGroup, 1));
    expect(receiptSha256).toBe(sha256Hex(stored(emulated, receipt)));
  }
  const coverage = emulated.keys(`coverage/day=${yesterday}/account=${account}/`);
  expect(first?.seal.coverage).toEqual(coverage.map((key) => ({ key, sha256: sha256Hex(stored(emulated, key)) })));
});

it("seals nothing twice, and what is new in a seal of its own that follows the last", async () => {
  const emulated = await emulate({ world: world([logGroup("/a"), logGroup("/b")]) });
  await runOnce(emulated);
  await runOnce(emulated, { runId: "run-2" });
  expect(sealsOf(emulated)).toHaveLength(1);
  const standing = emulated.text(receiptKey(yesterday, account, "/a", 1));
  emulated.put(receiptKey(yesterday, account, "/a", 2), standing);
  await runOnce(emulated, { runId: "run-3" });
  const seals = sealsOf(emulated);
  expect(seals.map(({ seal }) => seal.items.map(({ receipt }) => receipt.slice(-7)))).toEqual([
    [".1.json", ".1.json"],
    [".2.json"],
  ]);
  expect(chainFaults(seals.map(sealLink))).toEqual([]);
});

it("binds what a run only covers: a log group that failed, and one that is empty", async () => {
  const emulated = await emulate({ world: world([logGroup("/old", { streams: [] })]) });
  await runOnce(emulated);
  expect(sealsOf(emulated).map(({ seal }) => [seal.items, seal.coverage.length])).toEqual([[[], 1]]);
});

it("seals the days of a run from the oldest to the newest", async () => {
  const events = [0, 1, 2].map((back) => noonYesterday - back * dayMs);
  const emulated = await emulate({ world: world([logGroup("/a", { streams: [stream("main", ...events)] })]) });
  await runOnce(emulated, { lookbackDays: 3 });
  const written = emulated
    .calls("PutObject")
    .flatMap(({ input }) => /^seals\/day=([\d-]+)/.exec(String(input.Key))?.[1] ?? []);
  expect(written).toEqual([2, 1, 0].map((back) => new Date(start - (back + 1) * dayMs).toISOString().slice(0, 10)));
});

import { createHash } from "node:crypto";
import fc from "fast-check";
import {
  archiveBucketName,
  coverageKey,
  digestKey,
  eventFileKey,
  eventsPrefix,
  exportKeyBytes,
  headKey,
  leavesKey,
  outcomesKey,
  parseDigestKey,
  parseEventFileKey,
  parseExportKey,
  parseRunKey,
  parseSealKey,
  receiptKey,
  receiptsPrefix,
  sealKey,
  signatureKey,
  taskPrefix,
} from "../../../handlers/archive/layout";
import { account } from "../support/examples";
import { holds } from "../support/property";

const taskId = "3fa85f64-5717-4562-b3fc-2c963f66afa6";
const date = fc.constantFrom("2026-11-18", "2026-11-19");
const accountId = fc.constantFrom("300000000000", "300000000001");

it("names one bucket per Region in the log archive account", () => {
  expect(archiveBucketName("200000000000", "eu-central-1")).toBe("org-log-archive-200000000000-eu-central-1");
});

it("puts export tasks under account, day and task id", () => {
  expect(taskPrefix(account, "2026-11-19", taskId)).toBe(`300000000000/2026-11-19/${taskId}/`);
});

it("names a receipt by the whole name of its log group", () => {
  const hash = createHash("sha256").update("/aws/lambda/web").digest("hex");
  expect(receiptKey("2026-11-19", account, "/aws/lambda/web", 1)).toBe(
    `receipts/day=2026-11-19/account=300000000000/${hash}.1.json`,
  );
});

it("keeps log groups apart whose names differ in punctuation only", () => {
  const names = ["/a/b", "/a-b", "a-b", "/a_b", "/a.b", "/A/b", "/a/b/"];
  expect(new Set(names.map((name) => receiptKey("2026-11-19", account, name, 1))).size).toBe(names.length);
});

it("gives different items different receipts, each below its own day and account", () => {
  const item = fc.tuple(
    date,
    accountId,
    fc.stringMatching(/^[./_#A-Za-z0-9-]{1,20}$/),
    fc.integer({ min: 1, max: 12 }),
  );
  holds(
    fc.property(item, item, (a, b) => {
      expect(receiptKey(...a).startsWith(receiptsPrefix(a[0], a[1]))).toBe(true);
      expect(receiptKey(...a) === receiptKey(...b)).toBe(a.join() === b.join());
    }),
  );
});

it("gives different runs and attempts different coverage", () => {
  const part = fc.tuple(date, accountId, fc.constantFrom("run", "run-1", "run-1-1"), fc.integer({ min: 1, max: 12 }));
  holds(fc.property(part, part, (a, b) => expect(coverageKey(...a) === coverageKey(...b)).toBe(a.join() === b.join())));
});

it("lists a loop's steps in their order", () => {
  const keys = [0, 2, 10, 99_999].map((step) => outcomesKey("run-1", account, step, "request"));
  expect([...keys].sort()).toEqual(keys);
});

it.each([
  ["ASCII", "2026/11/19/[$LATEST]abc", "2026-11-19-[$LATEST]abc"],
  ["multi-byte", "日誌/größe", "日誌-größe"],
])("knows the length of the key of a stream whose name is %s", (_, stream, folder) => {
  const key = `300000000000/2026-11-19/${taskId}/${folder}/000000.gz`;
  expect(exportKeyBytes(account, "2026-11-19", stream)).toBe(Buffer.byteLength(key));
});

it("names a seal by its day, its account and its number", () => {
  expect(sealKey("2026-11-19", account, 12)).toBe("seals/day=2026-11-19/account=300000000000/12.json");
  const place = fc.tuple(date, accountId, fc.integer({ min: 1, max: 10_000 }));
  holds(
    fc.property(place, ([day, id, n]) => expect(parseSealKey(sealKey(day, id, n))).toEqual({ day, account: id, n })),
  );
});

it.each([
  "seals/day=2026-11-19/account=300000000000/0.json",
  "seals/day=2026-11-19/account=300000000000/01.json",
  "seals/day=2026-11-19/account=300000000000/1.json.sig",
  "seals/day=2026-11-19/account=30000000000/1.json",
  "x/seals/day=2026-11-19/account=300000000000/1.json",
])("takes %s for no seal", (key) => expect(parseSealKey(key)).toBeUndefined());

it("names a digest, its signature and its leaves by the sequence, so that a listing has their order", () => {
  expect([digestKey(7), signatureKey(7), leavesKey(7)]).toEqual([
    "digests/0000000007.json",
    "digests/0000000007.json.sig",
    "digests/0000000007.leaves.jsonl",
  ]);
  expect([digestKey(7), signatureKey(7), leavesKey(7)].map(parseDigestKey)).toEqual([
    { sequence: 7, kind: "digest" },
    { sequence: 7, kind: "signature" },
    { sequence: 7, kind: "leaves" },
  ]);
});

it.each(["digests/0000000000.json", "digests/7.json", "digests/0000000007.sig", "digests/0000000007.json.sig2"])(
  "takes %s for no part of a digest",
  (key) => expect(parseDigestKey(key)).toBeUndefined(),
);

it("knows the head beside a run's report", () => {
  expect(parseRunKey(headKey("run-1"))).toEqual({ runId: "run-1", kind: "head" });
});

it("names an event file by its day, its account, its kind and its content", () => {
  const sha256 = "0a".repeat(32);
  const place = fc.tuple(date, accountId, fc.constantFrom("events" as const, "ends" as const));
  holds(
    fc.property(place, ([day, id, kind]) => {
      expect(parseEventFileKey(eventFileKey(day, id, kind, sha256))).toEqual({ day, account: id, kind, sha256 });
      expect(eventFileKey(day, id, kind, sha256).startsWith(eventsPrefix(day, id))).toBe(true);
    }),
  );
  expect(parseEventFileKey("events/day=2026-11-19/account=300000000000/events-0a.parquet")).toBeUndefined();
});

it("reads from an exported object's key what it is of; the write test is of no task", () => {
  const key = `${taskPrefix(account, "2026-11-19", taskId)}_x/000000.gz`;
  expect(parseExportKey(key)).toEqual({ account, day: "2026-11-19", taskId, logStream: "_x" });
  expect(parseExportKey("300000000000/2026-11-19/aws-logs-write-test")).toBeUndefined();
});

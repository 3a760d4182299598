import {
  type Digest,
  headOf,
  headText,
  leavesOf,
  mostLeavesInDigest,
  parseDigest,
  serializeDigest,
} from "../../../handlers/archive/digests";
import { sha256Hex } from "../../../handlers/archive/hashing";
import { UnreadableRecord } from "../../../handlers/archive/serialization";
import { region } from "../support/examples";

const bound = (key: string) => ({ key, sha256: sha256Hex(key) });
const digest: Digest = {
  version: 1,
  sequence: 3,
  bucket: "bucket",
  key: "digests/0000000003.json",
  region,
  runId: "run-1",
  startedAt: "2026-11-20T13:30:00.000Z",
  endedAt: "2026-11-20T14:00:00.000Z",
  previousSha256: sha256Hex("digest 2"),
  accounts: bound("runs/run-1/accounts.json"),
  report: bound("runs/run-1/report.json"),
  days: ["2026-11-19"],
  seals: [bound("seals/a")],
  coverage: [bound("coverage/a")],
  records: [bound("runs/run-1/plans/a")],
  configurationSha256: sha256Hex("configuration"),
  codeSha256: sha256Hex("code"),
  keyArn: "arn:aws:kms:eu-central-1:111122223333:key/1",
};
const many: Digest = {
  ...digest,
  records: Array.from({ length: mostLeavesInDigest }, (_, index) => bound(`runs/run-1/outcomes/${index}`)),
};

it("comes back as it was written, with the hash of its bytes", () => {
  const { body, leaves } = serializeDigest(digest);
  expect(leaves).toBeUndefined();
  const stored = parseDigest(digest.key, Buffer.from(body));
  expect(stored).toEqual({ key: digest.key, sha256: sha256Hex(body), digest });
  expect(leavesOf(stored.digest, undefined)).toMatchObject({ seals: digest.seals, records: digest.records });
  expect(headText(headOf(stored))).toBe(`3:${sha256Hex(body)}`);
});

it("moves what it names to an object beside it where that is much, and names that object", () => {
  const { body, leaves } = serializeDigest(many);
  expect(leaves?.key).toBe("digests/0000000003.leaves.jsonl");
  const stored = parseDigest(many.key, Buffer.from(body));
  expect(stored.digest).toEqual({
    ...many,
    seals: [],
    coverage: [],
    records: [],
    leaves: { key: leaves?.key, sha256: sha256Hex(leaves?.body ?? "") },
  });
  expect(leavesOf(stored.digest, Buffer.from(leaves?.body ?? ""))).toEqual({
    seals: many.seals,
    coverage: many.coverage,
    records: many.records,
  });
});

it("takes no other leaves than those that it names", () => {
  const { body, leaves } = serializeDigest(many);
  const stored = parseDigest(many.key, Buffer.from(body)).digest;
  expect(() => leavesOf(stored, undefined)).toThrow(UnreadableRecord);
  const changed = Buffer.from((leaves?.body ?? "").replace("outcomes/1", "outcomes/2"));
  expect(() => leavesOf(stored, changed)).toThrow("digests/0000000003.leaves.jsonl is not what");
});

it.each([
  ["another place", { key: "digests/0000000004.json" }],
  ["another sequence", { sequence: 4 }],
])("is unreadable where it says that it has %s", (_, changes) => {
  const bytes = Buffer.from(JSON.stringify({ ...digest, ...changes }));
  expect(() => parseDigest(digest.key, bytes)).toThrow(`${digest.key} holds digest`);
});

it("is unreadable with a field that nothing knows", () => {
  expect(() => parseDigest(digest.key, Buffer.from(JSON.stringify({ ...digest, more: 1 })))).toThrow(UnreadableRecord);
});

import { chainFaults } from "../../../handlers/archive/chain";
import { sha256Hex } from "../../../handlers/archive/hashing";
import { boundKeys, nextSeal, parseSeal, type StoredSeal, sealLink } from "../../../handlers/archive/seals";
import { UnreadableRecord } from "../../../handlers/archive/serialization";
import { account, region } from "../support/examples";

const day = "2026-11-19";
const content = {
  account,
  region,
  day,
  items: [
    {
      logGroup: "web",
      receipt: "receipts/a",
      receiptSha256: sha256Hex("receipt"),
      objects: [
        {
          key: `${account}/${day}/task/web/000000.gz`,
          size: 120,
          etag: "0123",
          versionId: "v1",
          sha256: sha256Hex("object"),
          events: 3,
          firstEvent: "2026-11-19T00:00:00.000Z",
          lastEvent: "2026-11-19T23:59:59.999Z",
          rawBytes: 400,
        },
      ],
    },
  ],
  coverage: [{ key: "coverage/a", sha256: sha256Hex("coverage") }],
  eventFiles: [],
  runId: "run-1",
  at: "2026-11-20T14:00:00.000Z",
};

function store(last: StoredSeal | undefined): StoredSeal {
  const { key, body } = nextSeal(last, content);
  return parseSeal(key, Buffer.from(body));
}

it("numbers seals and names the one before by the SHA-256 of its bytes as stored", () => {
  const first = store(undefined);
  const { key, seal, body } = nextSeal(first, content);
  expect([first.seal.n, first.seal.previousSha256]).toEqual([1, null]);
  expect(key).toBe("seals/day=2026-11-19/account=300000000000/2.json");
  expect(seal).toMatchObject({ n: 2, previousSha256: sha256Hex(nextSeal(undefined, content).body) });
  expect(JSON.parse(body)).toEqual({ version: 1, ...content, n: 2, previousSha256: first.sha256 });
  expect(chainFaults([first, store(first)].map(sealLink))).toEqual([]);
});

it("says which receipts and coverage objects seals bind", () => {
  const other = { ...content, items: [], coverage: [{ key: "coverage/b", sha256: sha256Hex("b") }] };
  expect([...boundKeys([content, other])]).toEqual(["receipts/a", "coverage/a", "coverage/b"]);
});

describe("a seal is unreadable", () => {
  const { key, seal } = nextSeal(undefined, content);
  const read = (changes: object, place = key) => parseSeal(place, Buffer.from(JSON.stringify({ ...seal, ...changes })));

  it.each([
    ["another account's", { account: "300000000001" }],
    ["another day's", { day: "2026-11-18" }],
    ["another number's", { n: 2 }],
  ])("that is %s than its key says", (_, changes) => {
    expect(() => read(changes)).toThrow(UnreadableRecord);
    expect(() => read(changes)).toThrow(`${key} holds seal`);
  });

  it.each([
    ["has a field that nothing hashes by name", { note: "x" }],
    ["has a hash that is none", { previousSha256: "0" }],
    ["lacks a field", { coverage: undefined }],
    ["is of a version that is not known", { version: 2 }],
  ])("that %s", (_, changes) => expect(() => read(changes)).toThrow(UnreadableRecord));

  it("that is not there", () => expect(() => parseSeal(key, undefined)).toThrow(`${key} is not in the archive`));
});

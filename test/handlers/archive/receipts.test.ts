import { createHash } from "node:crypto";
import fc from "fast-check";
import { countObjects, hashVersions } from "../../../handlers/archive/receipts";
import { holds } from "../support/property";

const prefix = "300000000000/2026-11-19/3fa85f64-5717-4562-b3fc-2c963f66afa6/";

function sha256(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}

it("states how many objects and bytes a task wrote, and the hash of their listing", () => {
  const objects = [
    { key: `${prefix}web/000000.gz`, size: 120 },
    { key: `${prefix}api/000000.gz`, size: 3 },
  ];
  expect(countObjects(objects)).toEqual({
    objects: 2,
    bytes: 123,
    listingSha256: sha256(`${prefix}api/000000.gz\t3\n${prefix}web/000000.gz\t120\n`),
  });
});

it("states of a task that wrote nothing that it wrote nothing", () => {
  expect(countObjects([])).toEqual({ objects: 0, bytes: 0, listingSha256: sha256("") });
});

it("takes keys in the order of their UTF-8 bytes, which is not that of their UTF-16 units", () => {
  const [privateUse, emoji] = ["\uff5e", "\u{1f600}"];
  expect([emoji, privateUse].sort()).toEqual([emoji, privateUse]);
  const { listingSha256 } = countObjects([emoji, privateUse].map((key) => ({ key, size: 1 })));
  expect(listingSha256).toBe(sha256(`${privateUse}\t1\n${emoji}\t1\n`));
});

it("does not depend on the order in which the objects were listed", () => {
  const objects = fc.uniqueArray(fc.record({ key: fc.string({ unit: "binary" }), size: fc.nat() }), {
    selector: ({ key }) => key,
  });
  holds(
    fc.property(objects, (listed) => {
      const copy = [...listed].reverse();
      expect(countObjects(copy)).toEqual(countObjects(listed));
    }),
  );
});

describe("the hash that tells objects of one key and size apart", () => {
  const object = { key: `${prefix}web/000000.gz`, size: 120, etag: "0123", versionId: "v1" };

  it("is of keys, sizes, ETags and version ids", () => {
    const other = { key: `${prefix}api/000000.gz`, size: 3, etag: "4567" };
    const lines = `${prefix}api/000000.gz\t3\t4567\t-\n${prefix}web/000000.gz\t120\t0123\tv1\n`;
    expect(hashVersions([object, other])).toBe(sha256(lines));
  });

  it.each([
    ["content", { etag: "0124" }],
    ["version", { versionId: "v2" }],
  ])("differs where an object of the same key and size has another %s", (_, changes) => {
    expect(hashVersions([{ ...object, ...changes }])).not.toBe(hashVersions([object]));
  });
});

import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { eventsOf } from "../../../handlers/archive/event-text";
import { DamagedObject, readExportedObject } from "../../../handlers/archive/exported-object";
import { sha256Hex } from "../../../handlers/archive/hashing";

async function* inPieces(bytes: Uint8Array, length = bytes.length || 1): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += length) yield bytes.subarray(start, start + length);
}

const stamped = [
  "2026-11-19T00:00:00.000Z first",
  "2026-11-18T23:59:59.999Z earlier, though later in the file",
  "  continues",
  "2026-11-19T12:00:00.000Z last",
  "",
].join("\n");

it("tells an object's hash and sizes, its events and when they were, from one reading", async () => {
  const stored = gzipSync(stamped);
  expect(await readExportedObject(inPieces(stored))).toEqual({
    size: stored.length,
    sha256: sha256Hex(stored),
    rawBytes: Buffer.byteLength(stamped),
    events: 3,
    firstEvent: "2026-11-18T23:59:59.999Z",
    lastEvent: "2026-11-19T12:00:00.000Z",
  });
});

it("counts text before the first time stamp as an event without a time", async () => {
  const stored = gzipSync("no time\nat all\n");
  const content = await readExportedObject(inPieces(stored));
  expect(content).toEqual({ size: stored.length, sha256: sha256Hex(stored), rawBytes: 15, events: 1 });
});

it("counts what is read as events, however the bytes come", async () => {
  const line = fc.oneof(fc.constant("2026-11-19T01:02:03.004Z a message"), fc.string({ unit: "grapheme" }));
  const text = fc.array(line, { maxLength: 20 }).map((lines) => lines.join("\n"));
  await fc.assert(
    fc.asyncProperty(text, fc.integer({ min: 1, max: 50 }), async (written, length) => {
      const { events } = await readExportedObject(inPieces(gzipSync(written), length));
      expect(events).toBe([...eventsOf(written)].length);
    }),
    { seed: 20_261_126, numRuns: 50 },
  );
});

it("hands on every event while it reads", async () => {
  const messages: string[] = [];
  await readExportedObject(inPieces(gzipSync(stamped)), ({ bytes, starts, ends }) => {
    for (const [index, start] of starts.entries()) messages.push(bytes.toString("utf8", start, ends[index]));
  });
  expect(messages).toEqual(["first", "earlier, though later in the file\n  continues", "last"]);
});

describe("an object is damaged", () => {
  const stored = gzipSync(stamped);

  it("that ends early, wherever it ends", () =>
    Promise.all(
      Array.from({ length: stored.length }, (_, end) =>
        expect(readExportedObject(inPieces(stored.subarray(0, end)))).rejects.toBeInstanceOf(DamagedObject),
      ),
    ));

  it("that is no gzip", async () => {
    await expect(readExportedObject(inPieces(Buffer.from(stamped)))).rejects.toBeInstanceOf(DamagedObject);
  });

  it("whose text has a flipped bit", async () => {
    const changed = Buffer.from(stored);
    changed.writeUInt8((changed[stored.length - 6] ?? 0) ^ 1, stored.length - 6);
    await expect(readExportedObject(inPieces(changed))).rejects.toThrow("incorrect data check");
  });

  it("that holds more without a time stamp than any log event has", async () => {
    const text = gzipSync(Buffer.alloc(40 * 1024 ** 2, "x"));
    await expect(readExportedObject(inPieces(text, 65_536))).rejects.toBeInstanceOf(DamagedObject);
  });
});

it("does not take the failure of a connection for damage", async () => {
  async function* failing(): AsyncGenerator<Uint8Array> {
    yield gzipSync(stamped).subarray(0, 20);
    throw new Error("socket hang up");
  }
  const reading = readExportedObject(failing());
  await expect(reading).rejects.toThrow("socket hang up");
  await expect(reading).rejects.not.toBeInstanceOf(DamagedObject);
});

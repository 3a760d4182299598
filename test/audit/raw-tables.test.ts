import { gunzipSync } from "node:zlib";
import { eventFileKey, receiptKey, sealKey } from "../../handlers/archive/layout";
import { exportedLine, keyOfPath, recordNumber } from "../../handlers/archive/sql/expressions";
import { closeAll } from "../handlers/support/emulated";
import { type ArchivedObject, bucket, days, makeArchive, sourceEvents } from "./support/archive";
import { partitionOf, tables } from "./support/athena";

afterAll(closeAll);

let objects: ArchivedObject[];
beforeAll(async () => {
  objects = await makeArchive("event-time");
});

const exported = () => objects.filter(({ key }) => key.endsWith(".gz"));

test("every object lies in the partition of its Region, account and day, and in no table that it is not for", () => {
  for (const object of objects) {
    const { bucket, key } = object;
    const region = bucket.slice("org-log-archive-200000000000-".length);
    const [, account, day] = /^(\d{12})\/([\d-]{10})\//.exec(key) ?? [];
    const [, ofDay] = /^(?:receipts|coverage|seals|events)\/day=([\d-]{10})\/account=\d{12}\//.exec(key) ?? [];
    const expected: Record<string, object> = account
      ? { raw_lines: { region, account, day } }
      : key.startsWith("receipts/")
        ? { raw_receipts: { region, day: ofDay } }
        : key.startsWith("coverage/")
          ? { raw_coverage: { region, day: ofDay } }
          : key.startsWith("seals/")
            ? { raw_seals: { region, day: ofDay } }
            : key.startsWith("events/")
              ? { raw_events: { region, day: ofDay } }
              : {};
    const found = tables.flatMap((table) => {
      const partition = partitionOf(table, object);
      // A query names account and day: nothing else than an account can be asked for.
      const isAsked = /^\d{12}$/.test(partition?.account ?? "000000000000");
      return partition && isAsked ? [[table.tableName, { ...partition }]] : [];
    });
    expect({ key, found: Object.fromEntries(found) }).toEqual({ key, found: expected });
  }
});

test("a location names every partition column, and ends its folder", () => {
  for (const { projection } of tables) {
    const template = projection.parameters["storage.location.template"] ?? "";
    for (const column of projection.partitionKeys) expect(template).toContain(`\${${column}}`);
    expect(template).toMatch(/^s3:\/\/[^/]+\/.*[^/]\/$/);
    expect(projection.parameters).toMatchObject(
      Object.fromEntries(projection.partitionKeys.map((key) => [`projection.${key}.type`, expect.any(String)])),
    );
  }
});

test("no column is also a partition", () => {
  for (const { columns, projection } of tables)
    expect(columns.filter(({ name }) => projection.partitionKeys.includes(name))).toEqual([]);
});

test("the number in a receipt's or a seal's key is the number with which it was written", () => {
  for (const n of [1, 9, 10, 123])
    for (const key of [receiptKey(days[0], "300000000000", "/a.1.json", n), sealKey(days[0], "300000000000", n)])
      expect(new RegExp(recordNumber).exec(key)?.[1]).toBe(String(n));
});

test("a path gives the key by which seals name an event file", () => {
  const key = eventFileKey(days[0], "300000000000", "events", "0".repeat(64));
  expect(new RegExp(keyOfPath).exec(`s3://${bucket}/${key}`)?.[1]).toBe(key);
});

test("every line matches, and gives back the times and messages that were put in", () => {
  const put = new Map<string, Set<string>>();
  for (const { timestamp, message } of sourceEvents) {
    const time = new Date(timestamp).toISOString();
    put.set(time, (put.get(time) ?? new Set()).add(message.split("\n")[0] ?? ""));
  }
  const further = new Set(sourceEvents.flatMap(({ message }) => message.split("\n").slice(1)));
  for (const { body } of exported())
    for (const line of gunzipSync(body).toString("utf8").replace(/\n$/, "").split("\n")) {
      const [whole, time, message] = new RegExp(exportedLine).exec(line) ?? [];
      expect(whole).toBe(line);
      if (time && put.has(time)) expect(put.get(time)).toContain(message);
      else expect(further).toContain(line);
    }
});

import { type KnownEvent, knownEvents } from "../../../../apps/cli/check/live-export/known-events";
import type { CompletedExport, Purpose } from "../../../../apps/cli/check/live-export/live-check";
import { endsOf, readingOf } from "../../../../apps/cli/check/live-export/reading";
import { hour } from "../../../handlers/support/examples";

/** What exports of a millisecond tell of `from` and `to`, also where CloudWatch Logs reads them in a way that no text describes. */

const at = 1_000_000;
const distinct: KnownEvent = { at, ingestedAt: at + 900 };
const same: KnownEvent = { at, ingestedAt: at };
const unknown: KnownEvent = { at };

function exportsWith(held: Partial<Record<Purpose, boolean>>): CompletedExport[] {
  const window = { from: at, to: at + 1 };
  return Object.entries(held).map(([purpose, hasEvent]) => ({
    ...{ purpose: purpose as Purpose, window, taskId: "t", prefix: "p/", tookMs: 1, objects: [], hasEvent },
  }));
}

test.each([
  [distinct, { "begins-at-event": true, "ends-at-event": true }, "event-time", true, true],
  [distinct, { "begins-at-event": true, "ends-at-event": false }, "event-time", true, false],
  [distinct, { "begins-at-event": false, "ends-at-event": true }, "event-time", false, true],
  [distinct, { "begins-at-event": false, "ends-at-event": false }, undefined, undefined, undefined],
  [
    distinct,
    { "begins-at-event": false, "ends-at-event": false, "begins-at-ingestion": true, "ends-at-ingestion": false },
    "ingestion-time",
    true,
    false,
  ],
  [
    distinct,
    { "begins-at-event": false, "ends-at-event": false, "begins-at-ingestion": false, "ends-at-ingestion": true },
    "ingestion-time",
    false,
    true,
  ],
  [same, { "begins-at-event": true, "ends-at-event": true }, undefined, true, true],
  [same, { "begins-at-event": true, "ends-at-event": false }, undefined, true, false],
  [unknown, { "begins-at-event": true, "ends-at-event": true }, "event-time", true, true],
  [unknown, { "begins-at-event": true, "ends-at-event": false }, undefined, undefined, undefined],
] as const)("an event of %o in windows %o is there by %s, at from %s, at to %s", (event, held, reading, from, to) => {
  const exports = exportsWith(held);
  expect(readingOf(event, exports)).toBe(reading);
  expect(endsOf(event, exports)).toEqual({ from, to });
});

const now = 1_000 * hour;
const group = { name: "/a", createdAt: 10 * hour, logClass: "STANDARD", masked: false };

test("an event is looked for that can be exported by now, the newest whose ingestion differs first", () => {
  const streams = [
    { lastEvent: now - hour, lastIngestion: now - hour + 900 },
    { lastEvent: now - 13 * hour, lastIngestion: now - 13 * hour },
    { lastEvent: now - 14 * hour, lastIngestion: now - 14 * hour + 900 },
    { lastEvent: now - 15 * hour, lastIngestion: now - 15 * hour + 900 },
    { lastEvent: 9 * hour, lastIngestion: 9 * hour + 900 },
    {},
  ];
  const { kept, expired } = knownEvents(streams, group, now);
  expect(kept).toEqual({ at: now - 14 * hour, ingestedAt: now - 14 * hour + 900 });
  expect(expired).toBeUndefined();
});

test("where every stream is written to still, the first event of one serves", () => {
  const streams = [{ firstEvent: now - 20 * hour, lastEvent: now, lastIngestion: now }];
  expect(knownEvents(streams, group, now).kept).toEqual({ at: now - 20 * hour });
});

test("an event that came late is not yet to be exported, and none before its log group was created ever", () => {
  const streams = [{ lastEvent: now - 20 * hour, lastIngestion: now - hour }, { lastEvent: group.createdAt }];
  expect(knownEvents(streams, group, now)).toEqual({});
});

test("what is past its retention is kept apart, with a margin on either side", () => {
  const edge = now - 48 * hour;
  const streams = [edge + hour / 2, edge - hour / 2, edge - 2 * hour, edge - 3 * hour, edge + 2 * hour].map(
    (lastEvent) => ({ lastEvent, lastIngestion: lastEvent + 900 }),
  );
  const { kept, expired } = knownEvents(streams, { ...group, retentionInDays: 2 }, now);
  expect(kept?.at).toBe(edge + 2 * hour);
  expect(expired?.at).toBe(edge - 2 * hour);
  expect(knownEvents(streams.slice(0, 2), { ...group, retentionInDays: 2 }, now)).toEqual({});
});

import fc from "fast-check";
import { entriesOf } from "../../../apps/demo/log-files/entries";
import { eventsOf, LARGEST_MESSAGE, splitMessage } from "../../../apps/demo/log-files/events";
import { fileTimes } from "../../../apps/demo/log-files/times/file-times";

const modifiedAt = Date.parse("2026-11-22T22:00:00Z");
const latest = modifiedAt + 86_400_000;
const collect = (lines: readonly string[], largest?: number) => {
  const entries = entriesOf(lines);
  return eventsOf(entries, fileTimes(entries, { modifiedAt, latest }).times, modifiedAt, largest);
};
const anyLine = fc.oneof(
  fc.constantFrom(
    "",
    "  ",
    "\tat Main.run(Main.java:7)",
    "java.io.IOException: no",
    "{",
    "}",
    "[",
    '  "timestamp": "2026-11-20T00:00:00Z"',
    '{"time":"2026-11-21T21:31:01Z"}',
    '{"time":"2026-11-21T21:31:01Z"',
    "id,time,text",
    "#Fields: date time",
    "2026-11-22T21:31:01Z start",
    "2026-11-22 restart",
    "2101-01-01 00:00:00 far",
    "Nov 22 21:31:02 host",
    "03/04/2026 10:00:00 CST",
    "1795383061 epoch",
    "4155550123 | A",
    "sent at 2026-11-22 10:00:00",
    "日本語 🚀",
  ),
  fc.string({ unit: "binary" }).map((text) => text.replaceAll("\n", " ")),
);

describe("the events of a file's lines", () => {
  it("begins an event with each line that states a time, and joins what goes on with the one before", () => {
    const { events } = collect([
      "2026-11-22T21:31:01Z failed",
      "Traceback (most recent call last):",
      "",
      "  File",
      "2026-11-22T21:31:02Z next",
    ]);
    expect(events).toEqual([
      {
        timestamp: Date.parse("2026-11-22T21:31:01Z"),
        message: "2026-11-22T21:31:01Z failed\nTraceback (most recent call last):\n\n  File",
      },
      { timestamp: Date.parse("2026-11-22T21:31:02Z"), message: "2026-11-22T21:31:02Z next" },
    ]);
  });

  it("gives lines without a time that of the line before, the first ones that of the first line with one", () => {
    const [first, second] = [Date.parse("2024-11-22T21:31:01Z"), Date.parse("2024-11-22T21:31:02Z")];
    expect(
      collect(["heading", "", "2024-11-22T21:31:01Z one", "other", "2024-11-22T21:31:02Z two", "last"]),
    ).toMatchObject({
      events: [
        { timestamp: first, message: "heading\n" },
        { timestamp: first, message: "2024-11-22T21:31:01Z one" },
        { timestamp: first, message: "other" },
        { timestamp: second, message: "2024-11-22T21:31:02Z two" },
        { timestamp: second, message: "last" },
      ],
      continuingLines: 1,
      undatedLines: 2,
      undatedLinesBefore: 1,
    });
  });

  it("gives lines of a file without any time the file's modification time, an event each", () => {
    expect(collect(["hello", "world"]).events).toEqual([
      { timestamp: modifiedAt, message: "hello" },
      { timestamp: modifiedAt, message: "world" },
    ]);
  });

  it("drops and counts the empty lines before the first event", () => {
    expect(collect(["", "", "hello", ""])).toMatchObject({
      events: [{ message: "hello\n" }],
      leadingEmptyLines: 2,
    });
  });

  it("splits a message over the limit at line ends, and counts it once", () => {
    const lines = ["2026-11-22T21:31:01Z start", ...Array.from({ length: 20 }, (_, index) => ` line ${index}`)];
    const { events, splitEvents } = collect(lines, 64);
    expect(events.map(({ message }) => message).join("")).toBe(lines.join("\n"));
    expect(events.slice(0, -1).every(({ message }) => message.endsWith("\n"))).toBe(true);
    expect(new Set(events.map(({ timestamp }) => timestamp)).size).toBe(1);
    expect(splitEvents).toBe(1);
  });

  it("allows 1,048,550 bytes in a message, and not one more", () => {
    const longest = "é".repeat(LARGEST_MESSAGE / 2);
    expect(collect([longest]).events).toHaveLength(1);
    expect(collect([`${longest}x`]).events.map(({ message }) => Buffer.byteLength(message))).toEqual([1_048_550, 1]);
  });

  it("cuts any message into pieces within the limit that together are the message", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.integer({ min: 4, max: 40 }), (message, largest) => {
        const pieces = splitMessage(message, largest);
        expect(pieces.join("")).toBe(message);
        expect(pieces.every((piece) => Buffer.byteLength(piece) <= largest)).toBe(true);
        expect(message === "" || pieces.every((piece) => piece !== "")).toBe(true);
      }),
      { seed: 1 },
    );
  });

  it("has every line in exactly one event, in order, but for the empty lines at the beginning", () => {
    fc.assert(
      fc.property(fc.array(anyLine), (lines) => {
        const { events, leadingEmptyLines } = collect(lines);
        expect(events.map(({ message }) => message).join("\n")).toBe(lines.slice(leadingEmptyLines).join("\n"));
        expect(lines.slice(0, leadingEmptyLines).every((line) => line === "")).toBe(true);
        const inEvents = events.reduce((sum, { message }) => sum + message.split("\n").length, 0);
        expect(inEvents + leadingEmptyLines).toBe(lines.length);
        expect(events.every(({ message }) => message.length > 0)).toBe(true);
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  it("counts every line that states no time once", () => {
    fc.assert(
      fc.property(fc.array(anyLine), (lines) => {
        const entries = entriesOf(lines);
        const { times } = fileTimes(entries, { modifiedAt, latest });
        const counts = collect(lines);
        const stated = entries.filter((_, index) => times[index] !== undefined);
        const withTime = stated.reduce((sum, entry) => sum + entry.lines, 0);
        const without =
          counts.continuingLines + counts.undatedLines + counts.undatedLinesBefore + counts.leadingEmptyLines;
        expect(withTime + without).toBe(lines.length);
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it("has no event later than the file's last change", () => {
    fc.assert(
      fc.property(fc.array(anyLine), (lines) => {
        const times = collect(lines).events.map(({ timestamp }) => timestamp);
        expect(times.filter((at) => !(at >= 0 && at <= latest))).toEqual([]);
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it("loses no character when it splits", () => {
    fc.assert(
      fc.property(fc.array(anyLine), (lines) => {
        const messages = collect(lines, 8).events.map(({ message }) => message);
        expect(messages.join("").replaceAll("\n", "")).toBe(lines.join(""));
        expect(messages.every((message) => message.length > 0 && Buffer.byteLength(message) <= 8)).toBe(true);
      }),
      { seed: 1 },
    );
  });
});

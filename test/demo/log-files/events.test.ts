import fc from "fast-check";
import { collectEvents, LARGEST_MESSAGE, splitMessage } from "../../../apps/demo/log-files/events";

const modifiedAt = Date.parse("2026-11-22T22:00:00Z");
const collect = (lines: readonly string[], largest?: number) => {
  const collected = collectEvents(modifiedAt, largest);
  for (const line of lines) collected.add(line);
  return collected.finish();
};
const anyLine = fc.oneof(
  fc.constantFrom(
    "",
    "  ",
    "\tat Main.run",
    "2026-11-22T21:31:01Z start",
    "Nov 22 21:31:02 host",
    "1795383061 epoch",
    "日本語 🚀",
  ),
  fc.string({ unit: "binary" }).map((text) => text.replaceAll("\n", " ")),
);

describe("the events of a file's lines", () => {
  it("begins an event with each line that has a time stamp, and joins the others to the one before", () => {
    const { events } = collect([
      "2026-11-22T21:31:01Z failed",
      "Traceback:",
      "",
      "  File",
      "2026-11-22T21:31:02Z next",
    ]);
    expect(events).toEqual([
      { timestamp: Date.parse("2026-11-22T21:31:01Z"), message: "2026-11-22T21:31:01Z failed\nTraceback:\n\n  File" },
      { timestamp: Date.parse("2026-11-22T21:31:02Z"), message: "2026-11-22T21:31:02Z next" },
    ]);
  });

  it("gives a first line without a time stamp the file's modification time", () => {
    expect(collect(["hello", "world"]).events).toEqual([{ timestamp: modifiedAt, message: "hello\nworld" }]);
  });

  it("drops and counts the empty lines before the first event", () => {
    expect(collect(["", "", "hello", ""])).toMatchObject({
      events: [{ message: "hello\n" }],
      lines: 4,
      leadingEmptyLines: 2,
    });
  });

  it("splits a message over the limit at line ends, and counts it once", () => {
    const lines = ["2026-11-22T21:31:01Z start", ...Array.from({ length: 20 }, (_, index) => `line ${index}`)];
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

  it("loses no line: the messages joined are the text again, but for the empty lines at its beginning", () => {
    fc.assert(
      fc.property(fc.array(anyLine), (lines) => {
        const { events, leadingEmptyLines, lines: counted } = collect(lines);
        const text = lines.slice(leadingEmptyLines).join("\n");
        expect(events.map(({ message }) => message).join("\n")).toBe(text);
        expect(lines.slice(0, leadingEmptyLines).every((line) => line === "")).toBe(true);
        const inEvents = events.reduce((sum, { message }) => sum + message.split("\n").length, 0);
        expect(inEvents + leadingEmptyLines).toBe(counted);
        expect(events.every(({ message }) => message.length > 0)).toBe(true);
      }),
      { seed: 1 },
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

import fc from "fast-check";
import {
  type EventBlock,
  type ExportedEvent,
  eventBlocks,
  eventsOf,
  noTime,
  OversizedEvent,
} from "../../../handlers/archive/event-text";

const noon = "2026-11-20T12:00:00.000Z";
const at = Date.parse(noon);

test.each([
  [
    "further lines, blank ones too, belong to the event before them",
    `${noon} a\n\n  b\n${noon} c\n`,
    ["a\n\n  b", "c"],
  ],
  ["a message may be empty, or end with a line break", `${noon} \n${noon} a\n\n${noon} b\n`, ["", "a\n", "b"]],
  ["a time that does not exist is text", `${noon} a\n2026-02-30T12:00:00.000Z b\n`, ["a\n2026-02-30T12:00:00.000Z b"]],
  ["24 o'clock is text", `${noon} a\n2026-11-20T24:00:00.000Z b\n`, ["a\n2026-11-20T24:00:00.000Z b"]],
  ["only a line feed begins a line", `${noon} a\r${noon} b\u2028${noon} c\n`, [`a\r${noon} b\u2028${noon} c`]],
  ["a time without a space after it is text", `${noon} a\n${noon}\n`, [`a\n${noon}`]],
])("%s", (_, text, messages) => {
  expect([...eventsOf(text)]).toEqual(messages.map((message) => ({ timestamp: at, message })));
});

test("lines before the first time are an event without one", () => {
  expect([...eventsOf(`lost\nhead\n${noon} a\n`)]).toEqual([
    { timestamp: null, message: "lost\nhead" },
    { timestamp: at, message: "a" },
  ]);
  expect([...eventsOf("")]).toEqual([]);
});

test("every day of every year is told from a day that does not exist, as Date does", () => {
  const stampsOf = (text: string) => [...eventsOf(`${text} x\n`)].map(({ timestamp }) => timestamp);
  const found: unknown[] = [];
  const expected: unknown[] = [];
  for (const year of ["0000", "0004", "0099", "1900", "2000", "2026", "2028", "9999"])
    for (let month = 0; month <= 13; month += 1)
      for (let date = 0; date <= 32; date += 1) {
        const text = `${year}-${String(month).padStart(2, "0")}-${String(date).padStart(2, "0")}T23:59:59.999Z`;
        const parsed = Date.parse(text);
        const exists = !Number.isNaN(parsed) && new Date(parsed).toISOString() === text;
        found.push([text, stampsOf(text)]);
        expected.push([text, [exists ? parsed : null]]);
      }
  expect(found).toEqual(expected);
});

describe("a text in pieces", () => {
  const line = fc.oneof(
    fc.constantFrom(
      "",
      " ",
      "a",
      "  at b.c",
      `${noon} `,
      `${noon}`,
      "2026-02-30T12:00:00.000Z x",
      "\r",
      "ünïcode \u{1f600}",
    ),
    fc
      .date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true })
      .map((date) => `${date.toISOString()} message`),
  );
  const text = fc.tuple(fc.array(line, { maxLength: 12 }), fc.boolean());
  const cuts = fc.array(fc.nat(400), { maxLength: 6 });

  it("has the events of the whole, wherever it is cut and however large the blocks are", async () => {
    await fc.assert(
      fc.asyncProperty(text, cuts, fc.integer({ min: 1, max: 200 }), async ([lines, ends], at, blockBytes) => {
        const whole = Buffer.from(`${lines.join("\n")}${ends ? "\n" : ""}`);
        expect(await eventsIn(eventBlocks(pieces(whole, at), blockBytes))).toEqual(byPattern(whole.toString()));
      }),
      { seed: 20_261_126, numRuns: 300 },
    );
  });

  it("has U+FFFD where it is not UTF-8, wherever it is cut", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(0x61, 0x0a, 0xc3, 0xbc, 0xf0, 0x9f, 0x98, 0x80, 0xff), { maxLength: 20 }),
        cuts,
        async (noise, at) => {
          const whole = Buffer.concat([
            Buffer.from(`${noon} `),
            Buffer.from(noise),
            Buffer.from(`\n${noon} b`),
            Buffer.from(noise),
          ]);
          expect(await eventsIn(eventBlocks(pieces(whole, at), 30))).toEqual(byPattern(whole.toString()));
        },
      ),
      { seed: 20_261_126, numRuns: 300 },
    );
  });

  it("is refused where an event has more bytes than any log event, before it fills memory", async () => {
    let taken = 0;
    const endless = (function* () {
      for (;;) {
        taken += 1024 ** 2;
        yield Buffer.alloc(1024 ** 2, "no time stamp\n");
      }
    })();
    await expect(eventsIn(eventBlocks(endless))).rejects.toThrow(OversizedEvent);
    expect(taken).toBeLessThan(40 * 1024 ** 2);
  });

  function pieces(whole: Buffer, at: readonly number[]): Buffer[] {
    const bounds = [0, ...at.map((cut) => Math.min(cut, whole.length)).sort((a, b) => a - b), whole.length];
    return bounds.slice(1).map((bound, index) => whole.subarray(bounds[index], bound));
  }
});

/** The events of a text as a regular expression finds them. */
function byPattern(text: string): ExportedEvent[] {
  const events: ExportedEvent[] = [];
  let timestamp: number | null = null;
  let start = 0;
  for (const match of text.matchAll(/(?:^|\n)(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z) /g)) {
    const stamp = match[1] ?? "";
    const parsed = Date.parse(stamp);
    if (Number.isNaN(parsed) || new Date(parsed).toISOString() !== stamp) continue;
    if (match.index > start || timestamp !== null) events.push({ timestamp, message: text.slice(start, match.index) });
    timestamp = parsed;
    start = match.index + match[0].length;
  }
  const rest = text.endsWith("\n") ? text.slice(start, -1) : text.slice(start);
  if (timestamp !== null || rest !== "") events.push({ timestamp, message: rest });
  return events;
}

async function eventsIn(blocks: AsyncIterable<EventBlock>): Promise<ExportedEvent[]> {
  const events: ExportedEvent[] = [];
  for await (const { bytes, timestamps, starts, ends } of blocks)
    timestamps.forEach((timestamp, index) => {
      const message = bytes.toString("utf8", starts[index], ends[index]);
      events.push({ timestamp: timestamp === noTime ? null : timestamp, message });
    });
  return events;
}

import { eventsOf } from "../../apps/query/event-text";

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

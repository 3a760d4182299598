import fc from "fast-check";
import { printable, printableJson } from "../../apps/terminal/printable";
import { holds } from "../handlers/support/property";

const raw = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;

it.each([
  ["\u001b[31mred\u001b[0m", "\\u001b[31mred\\u001b[0m"],
  ["\u009b2J", "\\u009b2J"],
  ["two\nlines\r", "two\\u000alines\\u000d"],
  ["\u202etxt.exe", "\\u202etxt.exe"],
  ["日本語 🪵 café", "日本語 🪵 café"],
])("writes %j so that a terminal shows it and does not obey it", (text, expected) => {
  expect(printable(text)).toBe(expected);
});

it("leaves nothing in any text that a terminal obeys", () => {
  holds(
    fc.property(fc.string({ unit: "binary" }), (text) => expect(printable(text)).not.toMatch(raw)),
    500,
  );
});

it("leaves JSON that says the same, with nothing raw but its own line ends", () => {
  holds(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const json = printableJson({ text });
      expect(JSON.parse(json)).toEqual({ text });
      expect(json.replaceAll("\n", "")).not.toMatch(raw);
    }),
    500,
  );
});

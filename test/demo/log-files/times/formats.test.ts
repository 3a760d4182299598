import { formats } from "../../../../apps/demo/log-files/times/formats";
import { reading } from "../support/reading";

const examples = formats.flatMap(({ name, examples }) => examples.map((example) => [example, name] as const));
/** What an example does not state: the seconds, the time. */
const rounded: Readonly<Record<string, string>> = {
  "2026-11-22 21:31": "2026-11-22T21:31:00",
  "2026-11-22": "2026-11-22T00:00:00",
  "2026/11/22 21:31:01 +0900": "2026-11-22T12:31:01",
};

describe("the table of formats", () => {
  it.each(examples)("reads its own example: %s", (example) => {
    const expected = rounded[example] ?? "2026-11-22T21:31:01";
    for (const line of [example, `${example} x`, `[${example}] x`, `${example}|x`])
      expect(reading([line]).times.join().slice(0, 19)).toBe(expected);
  });

  it.each([".123", ",123", ".123456", ",123456789", ".123456789012", ":123"])(
    "keeps a fraction whatever follows: %s",
    (fraction) => {
      for (const after of [" x", ": x", ", x", "] x", "|x", ";x", "\tx", "Z x", ")", ""])
        expect(reading([`2026-11-22 21:31:01${fraction}${after}`]).times).toEqual(["2026-11-22T21:31:01.123Z"]);
    },
  );

  it.each(["Nov 22 21:31:01", "[Sun Nov 22 21:31:01.5 2026]", "22/Nov/2026:21:31:01 +0000", "11/22/2026 9:31:01 PM"])(
    "does not need a blank behind it: %s",
    (time) => {
      for (const after of [":", ",", ": x", "]", ">x"]) expect(reading([`${time}${after}`]).times.join()).not.toBe("");
    },
  );
});

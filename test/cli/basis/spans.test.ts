import { type Span, spansOf, spanText, unknownSpans } from "../../../apps/cli/basis/spans";

const known = ["2026-11-14", "2026-11-15", "2026-11-18"];

test.each<[Partial<Span>, string[]]>([
  [{}, ["2026-11-16 to 2026-11-17"]],
  [{ from: "2026-11-15", to: "2026-11-15" }, []],
  [{ from: "2026-11-17", to: "2026-11-20" }, ["2026-11-17", "2026-11-19 to 2026-11-20"]],
  [{ from: "2026-11-01", to: "2026-11-14" }, ["2026-11-01 to 2026-11-13"]],
  [{ from: "2027-01-01", to: "2027-12-31" }, ["2027"]],
  [{ from: "2027-01-01" }, ["2027-01-01"]],
  [{ to: "2020-01-01" }, ["2020-01-01"]],
])("of the days asked by %j, those that are not known are given as spans", (asked, spans) => {
  expect(unknownSpans(known, asked).map(spanText)).toEqual(spans);
  expect(unknownSpans([], asked).length).toBe(asked.from && asked.to ? 1 : 0);
});

test("a span is told as a day, a month, a year, or its ends", () => {
  const text = (from: string, to: string) => spanText({ from, to });
  expect(text("2026-11-01", "2026-11-30")).toBe("2026-11");
  expect(text("2024-02-01", "2024-02-28")).toBe("2024-02-01 to 2024-02-28");
  expect(text("2026-01-01", "2026-12-31")).toBe("2026");
  expect(text("2026-01-01", "2027-12-31")).toBe("2026-01-01 to 2027-12-31");
  expect(spansOf([...known, "2026-11-19"])).toEqual([
    { from: "2026-11-14", to: "2026-11-15" },
    { from: "2026-11-18", to: "2026-11-19" },
  ]);
});

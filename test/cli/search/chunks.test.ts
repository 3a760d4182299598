import { chunksOf } from "../../../apps/cli/search/chunks";

test("days are asked for newest first, few at the beginning, each once", () => {
  const day = (index: number) => new Date(Date.UTC(2026, 10, index)).toISOString().slice(0, 10);
  const days = [5, 1, 2, 3, 4, 5, 6, 7, 8, 9].map(day);
  expect(chunksOf(days)).toEqual([
    { from: day(9), to: day(9) },
    { from: day(7), to: day(8) },
    { from: day(3), to: day(6) },
    { from: day(1), to: day(2) },
  ]);
  expect(chunksOf([])).toEqual([]);
});

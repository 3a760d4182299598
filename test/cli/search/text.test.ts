import { createColors } from "picocolors";
import { blockText, countsText, hitText } from "../../../apps/cli/search/text";

const plain = { colours: createColors(false), sought: ["needle"] };
const terminal = { ...plain, width: 80 };
const row = {
  ts: "2026-11-20T12:00:00.000Z",
  day: "2026-11-20",
  region: "eu-central-1",
  account: "300000000000",
  account_name: "prod-data",
  log_group: "/aws/lambda/a-function-with-a-name-that-is-rather-long",
  log_stream: "2026-11-20-[$LATEST]0123456789abcdef0123456789abcdef",
  message: "a needle\nin two lines",
};
const widest = (text: string) => Math.max(...text.split("\n").map((line) => line.length));

test("a hit says when and where it is, and nothing is wider than a terminal", () => {
  expect(hitText(row, plain)).toBe(
    `${row.ts}  prod-data 300000000000  eu-central-1  ${row.log_group}  ${row.log_stream}\n  a needle\n  in two lines\n\n`,
  );
  const text = hitText({ ...row, message: "x".repeat(300) }, terminal);
  expect(widest(text)).toBe(80);
  for (const part of [row.ts, "prod-data 300000000000", row.log_group]) expect(text).toContain(part);
  expect(hitText({ ...row, ts: null, account_name: null }, plain)).toMatch(/^no time {2}300000000000 /);
});

test("of a long message a terminal shows what was sought, and how much more there is; a pipe gets all of it", () => {
  const long = { ...row, message: `${"a".repeat(2000)} Needle ${"b".repeat(2000)}` };
  const lines = hitText(long, terminal).trimEnd().split("\n");
  expect(lines.filter((line) => /^ {2}/.test(line)).length).toBe(8);
  expect(lines.join("")).toMatch(/Needle/);
  expect(lines.at(-1)).toMatch(/^ {2}3,\d{3} more characters: --json has all$/);
  expect(hitText(long, plain)).toContain(`  ${long.message}\n`);
  const marked = hitText(long, { ...terminal, colours: createColors(true) });
  expect(marked).toContain("\u001b[31m\u001b[1mNeedle");
});

test("what a message would have a terminal do is shown as text", () => {
  const text = hitText({ ...row, message: "\u001b[2J\u009bneedle" }, terminal);
  for (const control of ["\u001b", "\u009b"]) expect(text).not.toContain(control);
});

test("what lies around a hit stands with it, and the hit is marked", () => {
  const rows = [
    { ...row, hit: false, message: "before" },
    { ...row, hit: true },
    { ...row, hit: false, message: "after" },
  ];
  const [place, ...events] = blockText(rows, plain).trimEnd().split("\n");
  expect(place).toBe(`prod-data 300000000000  eu-central-1  ${row.log_group}  ${row.log_stream}`);
  expect(events).toEqual([
    ...[`  ${row.ts}`, "    before", `> ${row.ts}`, "    a needle", "    in two lines", `  ${row.ts}`, "    after"],
  ]);
});

test("hits are counted by account and log group; many log groups are cut, and so many hits as are shown are said", () => {
  const one = { account: row.account, account_name: "prod-data", region: row.region };
  const counts = Array.from({ length: 25 }, (_, index) => ({
    ...one,
    log_group: `/group-${index}`,
    hits: 100 - index,
  }));
  const text = countsText(counts, 100, terminal);
  expect(text).toMatch(
    /^2,200 hits in 1 account and 25 log groups\. The newest 100 are shown: --limit\nshows more\.\n/,
  );
  expect(text).toMatch(/prod-data.*\/group-0 .* 100 /);
  expect(text).toContain("and 5 more log groups");
  expect(widest(text)).toBeLessThanOrEqual(80);
  expect(countsText(counts.slice(0, 1), 100, plain)).toMatch(/^100 hits in 1 account and 1 log group\.\n/);
  expect(countsText([], 0, plain)).toBe("no hits\n");
});

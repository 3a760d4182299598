import { count, size } from "../../apps/terminal/amounts";
import { table } from "../../apps/terminal/table";

/** What people see of answers and amounts, on terminals of any width. */

const widest = (text: string) => Math.max(...text.split("\n").map((line) => line.length));
const long = "a message that goes on and on, as those of stack traces and of proxies do, for more than a line";

test("a table that fits stays as it is", () => {
  expect(table(["a", "b"], [["1", "2"]], 80)).toBe(table(["a", "b"], [["1", "2"]]));
});

test("the widest columns give way first, and the narrow ones stay whole", () => {
  const drawn = table(["day", "account", "message", "stream"], [["2026-11-20", "111122223333", long, long]], 80);
  expect(widest(drawn)).toBeLessThanOrEqual(80);
  expect(drawn).toContain("│ 2026-11-20 │ 111122223333 │");
});

test("the answer is narrowed last, and what is spare is left out first, the highest rank before the others", () => {
  const columns = [
    { name: "Account", rank: 4 },
    { name: "Region", rank: 3 },
    { name: "Log group", rank: 2 },
    { name: "Reason", rank: 1 },
  ];
  const group = "/aws/eks/production/cluster-of-the-shop";
  const rows = ["111122223333", "444455556666"].map((account, at) => [
    ...[account, at === 0 ? "eu-central-1" : "us-east-1", `${group}${at}`, `export-task-failed ${at}`],
  ]);
  const at = (width: number) => table(columns, rows, width);
  expect(at(80)).toContain("│ 111122223333 │ eu-central-1 │ /aws/eks/production/    │ export-task-failed 0 │");
  expect(at(74)).toContain("│ eu-central-1 │ /aws/eks/production/cluster-of-  │ export-task-failed 0 │");
  expect(at(74)).toMatch(/\nNo room for Account: --json has all\.$/);
  expect(at(50)).toContain("│ /aws/eks/production/    │ export-task-failed 0 │");
  expect(at(50)).toMatch(/\nNo room for Account and Region: --json has all\.$/);
  expect(at(40)).toMatch(/^── 1 ──\nAccount {4}111122223333\nRegion {5}eu-central-1\n/);
  for (const width of [80, 74, 60, 50, 40]) expect(widest(at(width))).toBeLessThanOrEqual(width);
});

test("what is not the answer is narrowed for the answer to stay as it is", () => {
  const reason = "no-recent-events for at least fourteen days";
  const rows = ["1", "2"].map((n) => [`/aws/eks/production/cluster-of-the-shop${n}`, `${n} ${reason}`]);
  const drawn = table(
    [
      { name: "Log group", rank: 2 },
      { name: "Reason", rank: 1 },
    ],
    rows,
    80,
  );
  expect(drawn).toContain(`│ 1 ${reason} │`);
});

test("what all rows have in common is said once where there is no room for it in each", () => {
  const rows = ["first", "second"].map((text) => ["111122223333", "/app/web", `${text} ${long.slice(0, 30)}`]);
  const head = ["account", "log_group", "message"];
  expect(table(head, rows, 80)).not.toContain("in every row");
  expect(table(head, rows, 50)).toMatch(/^── in every row ──\naccount {4}111122223333\nlog_group {2}\/app\/web\n┌/);
  expect(table(head, rows.slice(0, 1), 50)).not.toContain("in every row");
});

test("what would be taller than records is shown as records", () => {
  const rows = (message: string) =>
    ["1", "2"].map((n) => [`2026-11-20 13:00:0${n}.123`, `/group/${n}`, `${n} ${message}`]);
  const head = ["ts", "log_group", "message"];
  expect(table(head, rows(long), 80)).toMatch(/^┌/);
  expect(table(head, rows(long.repeat(9)), 80)).toMatch(/^── 1 ──\nts {9}2026/);
});

test("the line end of a message is no line of its own", () => {
  expect(table(["a"], [["text\n"], ["more\r\n"]])).toBe(table(["a"], [["text"], ["more"]]));
});

test("a path is broken after one of its parts, where that leaves half a line", () => {
  const path = `/aws/lambda/${"x".repeat(12)}-${"y".repeat(6)}`;
  expect(table(["a"], [[path]], 24)).toContain("│ /aws/lambda/         │\n│ xxxxxxxxxxxx-yyyyyy  │");
});

test("where columns cannot give way any more, each row is a record", () => {
  const head = ["one", "two", "three", "four", "five", "six", "seven"];
  const drawn = table(head, [head.map(() => long), head.map(() => "short")], 80);
  expect(widest(drawn)).toBeLessThanOrEqual(80);
  expect(drawn).toMatch(/^── 1 ──\none {4}a message/);
  expect(drawn).toContain("── 2 ──\none    short\ntwo    short\n");
});

test("what can be read only whole is never broken: an id, a time, a number", () => {
  const rows = [["2026-11-20 13:00:01.123", "111122223333", "/aws/eks/production/cluster", long]];
  const head = ["ts", "account", "log_group", "message"];
  expect(table(head, rows, 90)).toContain("│ 2026-11-20 13:00:01.123 │ 111122223333 │ ");
  expect(table(head, rows, 70)).toMatch(/^── 1 ──\nts {9}2026-11-20 13:00:01.123\naccount {4}111122223333\n/);
});

test("records are counted on from the table before", () => {
  expect(table(["a", "b", "c"], [[long, long, long]], 40, 1001)).toMatch(/^── 1001 ──\n/);
});

test.each([36, 37, 38, 39, 40, 41, 42])(
  "letters that take two columns, or none, stand in straight columns and are not cut in two, at %d columns",
  (width) => {
    const rows = [
      ["日本語の", "🎉".repeat(30)],
      ["e\u0301a", "𠮷".repeat(30)],
    ];
    const drawn = table(["name", "message"], rows, width).split("\n");
    const columns = (line: string) => line.replace("\u0301", "").length + (line.match(/[日本語の]/g) ?? []).length;
    expect(drawn.map(columns)).toEqual(drawn.map(() => drawn[0]?.length));
    expect(drawn[0]?.length).toBeLessThanOrEqual(width);
    expect(drawn.join("").match(/🎉|𠮷/gu)).toHaveLength(60);
  },
);

test("text is broken between words, and its indentation stays", () => {
  const message = `  File "worker.py", line 149, in run of a long stack trace\n    ${"x".repeat(30)}`;
  const drawn = table(["a", "message"], [["1", message]], 40);
  expect(drawn).toContain('│   File "worker.py", line 149, in │\n');
  expect(drawn).toContain("│ run of a long stack trace        │\n");
  expect(table(["a", "message"], [["1", message]], 20)).toContain('messag    File "worker.py",\n        line 149,');
});

test("lines of a cell stay lines, and an empty one between them, too", () => {
  expect(table(["a", "b"], [["1\n\n3", "x"]])).toBe(
    ["┌───┬───┐", "│ a │ b │", "│ 1 │ x │", "│   │   │", "│ 3 │   │", "└───┴───┘"].join("\n"),
  );
});

test("a long table costs what its rows cost", () => {
  // With a look at all rows for each of them, it would not end within the bound of a test.
  const rows = Array.from({ length: 50_000 }, (_, at) => [String(at), ...Array<string>(7).fill("text")]);
  expect(table(["n", "b", "c", "d", "e", "f", "g", "h"], rows).split("\n")).toHaveLength(50_003);
});

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [1000, "1.0 kB"],
  [999_960, "1.0 MB"],
  [6_006_825, "6.0 MB"],
  [2.5e15, "2.5 PB"],
])("%d bytes are %s", (bytes, text) => expect(size(bytes)).toBe(text));

test("one is not many", () => {
  expect([count(1, "day"), count(12_345, "day")]).toEqual(["1 day", "12,345 days"]);
});

import { csvField, csvHead, csvLine } from "../../apps/cli/csv";

test("Excel is told the encoding, and ids, addresses and times are texts that keep every character", () => {
  expect(csvHead(["account", "message"], "excel")).toBe("\uFEFFaccount,message\r\n");
  expect(csvHead(["account"], "plain")).toBe("account\r\n");
  const line = csvLine(["012345678901", "2026-11-20", "1E5", "10.0.0.1", "12:30", "ünï", 5, null], "excel");
  expect(line).toBe('"=""012345678901""",2026-11-20,"=""1E5""","=""10.0.0.1""","=""12:30""",ünï,5,\r\n');
  expect(csvLine(["012345678901", 5], "plain")).toBe("012345678901,5\r\n");
});

test.each(["=1+1", "@x", '="a"&B1', '+cmd|"/c calc"!A1', "\tx"])(
  "a text that a spreadsheet would run as a formula is none, in either CSV: %j",
  (text) => {
    for (const flavour of ["plain", "excel"] as const) expect(csvField(text, flavour).replace(/^"/, "")).toMatch(/^'/);
  },
);

test("no text becomes a formula but one of digits and what stands between them", () => {
  for (const text of ['1"&cmd()&"', "1+1", "1;2", "1\n2", "0x1f", "1=1"])
    expect(csvField(text, "excel")).not.toContain('="');
  expect(csvField("-5", "excel")).toBe('"=""-5"""');
});

test("what is longer than a cell is cut, and says so; plain CSV has all of it", () => {
  const long = "a".repeat(40_000);
  expect(csvField(long, "excel")).toMatch(/^a+ \[cut: longer than a cell of Excel\]$/);
  expect(csvField(long, "excel")).toHaveLength(32_767);
  expect(csvField("1".repeat(300), "excel")).toBe("1".repeat(300));
  expect(csvField(long)).toBe(long);
});

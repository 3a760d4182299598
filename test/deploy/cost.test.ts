import { readFileSync } from "node:fs";
import { join } from "node:path";
import { assumed, monthlyCost, prices, renderCost, totalOf } from "../../apps/deploy/cost";
import { alarmNames, functionNames } from "../../constructs/names";
import { metricUnits } from "../../handlers/contract/metrics";
import { resources, synthesise } from "./synthesise";

const page = readFileSync(join(__dirname, "..", "..", "docs", "cost.md"), "utf8");

test("the documented cost table is what the code computes", () => {
  const table = /<!-- cost:start -->\n([\s\S]*?)\n<!-- cost:end -->/.exec(page)?.[1];
  expect(table?.trim()).toBe(renderCost([100, 1000]));
});

const of = (accounts: number, changes: Partial<typeof assumed> = {}) =>
  monthlyCost({ ...assumed, ...changes, accounts });
const item = (items: ReturnType<typeof of>, name: string) => items.find((one) => one.name === name);

test("an account's run is two steps of the loop and eleven transitions, and nothing is paid for exporting", () => {
  const items = of(100);
  // 100 accounts, 2 Regions, 30 days: 6,000 runs of an account in 60 runs.
  expect(item(items, "State machines")?.units).toBe(6000 * 11 + 60 * 8);
  // An account seals its 0.1 GB, and makes event files of it, in 30 seconds.
  const megabytes = resources(synthesise({})["OrgLogArchive-us-east-1"], "AWS::Lambda::Function").find(
    ({ Properties }) => String(Properties.Description).startsWith("Seals"),
  )?.Properties.MemorySize;
  expect(item(items, "Functions, time")?.units).toBe(6000 * (20 * 30 * 0.125 + 5 + 30 * (Number(megabytes) / 1024)));
  expect(item(items, "S3, writing and listing")?.units).toBe(6000 * (20 * 8 + 8 + 3));
  expect(item(items, "Exports")?.usd).toBe(0);
});

test("sealing lists each export and reads each object once, and a run is signed once", () => {
  const [one, more] = [of(100), of(100, { streamsPerLogGroupAndDay: 6 })];
  const added = (name: string) => (item(more, name)?.units ?? 0) - (item(one, name)?.units ?? 0);
  expect(added("S3, reading to seal")).toBe(6000 * 20);
  expect(added("S3, listing to seal")).toBe(0);
  expect(item(one, "S3, listing to seal")?.units).toBe(6000 * (20 + 7 * 4));
  expect(item(one, "Signatures")?.units).toBe(60);
});

test("event files are kept beside the evidence, and one query over a day reads all of that day's", () => {
  const items = of(1000, { dayQueries: 1 });
  expect(item(items, "Event files, storage once it is full")?.usd).toBe(
    item(items, "S3, storage once it is full")?.usd,
  );
  // 1,000 accounts by 2 Regions by 0.1 GB.
  expect(item(items, "Audit queries, 1 over a day")?.usd).toBeCloseTo(1, 9);
});

test("what grows with accounts grows tenfold, and what does not stays", () => {
  const [small, large] = [of(100), of(1000)];
  for (const name of ["Functions, time", "S3, writing and listing", "S3, storage once it is full"])
    expect(item(large, name)?.usd).toBeCloseTo((item(small, name)?.usd ?? 0) * 10, 6);
  for (const name of ["Keys", "Alarms", "Metrics"]) expect(item(large, name)).toEqual(item(small, name));
});

test("the total is the sum of units by prices", () => {
  const items = of(100);
  expect(totalOf(items)).toBeCloseTo(
    items.reduce((sum, { units, price }) => sum + units * prices[price].usd, 0),
    9,
  );
});

test("keys, alarms and metrics are those of the stacks", () => {
  const template = synthesise({ encryption: "kms" })["OrgLogArchive-us-east-1"];
  const regional = of(1, { regions: 1 });
  expect(item(regional, "Keys")?.units).toBe(resources(template, "AWS::KMS::Key").length);
  expect(item(regional, "Metrics")?.units).toBe(Object.keys(metricUnits).length);
  // One alarm watches all functions.
  expect(item(regional, "Alarms")?.units).toBe(alarmNames.length + functionNames.length - 1);
});

import { withAccountNames } from "../../../apps/cli/query/account-names";
import { askedColumns, sqlColumns } from "../../../apps/cli/query/columns";
import { table } from "../../../apps/terminal/table";

/** What people see of answers on a terminal that is too narrow for all of their columns. */

const names = ["ts", "region", "account", "account_name", "log_group", "log_stream", "message"];
const rows = ["a", "b"].map((one, at) => [
  ...[`2026-11-20T00:07:23.85${at}Z`, `eu-central-1${one}`, `11112222333${one}`, `prod-${one}`, `/app/${one}`],
  ...[`stream-${one}-${"0".repeat(20)}`, `the message of ${one}`],
]);

test("events that options ask for keep their message, and what names their place twice is left out first", () => {
  const at = (width: number) => table(askedColumns(names), rows, width);
  const held = (width: number) => /^│ (.*) │$/m.exec(at(width))?.[1]?.trim().split(/ +│ /);
  expect(held(130)).toEqual(["ts", "region", "account", "account_name", "log_group", "message"]);
  expect(held(100)).toEqual(["ts", "region", "account_name", "log_group", "message"]);
  expect(held(80)).toEqual(["ts", "account_name", "log_group", "message"]);
  expect(at(80)).toMatch(/\nNo room for log_stream and account and region: --json has all\.$/);
});

test("what SQL asks for is never left out", () => {
  const drawn = table(sqlColumns(names), rows, 110);
  expect(drawn).toMatch(/^── 1 ──\nts +2026/);
  for (const name of names) expect(drawn).toContain(`\n${name} `);
});

test("an account's id is spare only beside its name", () => {
  expect(askedColumns(["account", "month"])).toEqual(sqlColumns(["account", "month"]));
});

test("the answers to Athena's questions have names beside ids, where they have ids", async () => {
  const accounts = { nameOf: (id: string) => (id === "111122223333" ? "prod-web" : undefined) };
  const answered = async (columns: readonly string[], row: readonly string[]) => {
    async function* batches() {
      yield [row];
    }
    const named = withAccountNames(
      { columns, content: [], records: [], isOrdered: true, batches: batches() },
      accounts,
    );
    const found = [];
    for await (const [first] of named.batches) found.push(named.columns, first);
    return found;
  };
  expect(await answered(["day", "account", "reason"], ["2026-11-20", "111122223333", "expired"])).toEqual([
    ["day", "account", "account_name", "reason"],
    ["2026-11-20", "111122223333", "prod-web", "expired"],
  ]);
  expect(await answered(["account"], ["999999999999"])).toEqual([
    ["account", "account_name"],
    ["999999999999", null],
  ]);
  for (const columns of [
    ["day", "reason"],
    ["account", "account_name"],
  ])
    expect(await answered(columns, ["1", "2"])).toEqual([columns, ["1", "2"]]);
});

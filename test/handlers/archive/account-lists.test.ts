import { AccountLists } from "../../../handlers/archive/account-lists";
import { AccountList } from "../../../handlers/archive/records";
import { parseRecord } from "../../../handlers/archive/serialization";
import { utcDay } from "../support/examples";

/** Lists of accounts of many runs, read together. */

function text(runId: string, names: readonly string[], change: object = {}): string {
  const startedAt = "2026-11-20T13:30:00.000Z";
  const accounts = names.map((name, at) => ({ id: String(300_000_000_000 + at), name, state: "ACTIVE" }));
  const list = { version: 1, runId, startedAt, deadline: startedAt, days: [utcDay("2026-11-19")], accounts };
  return JSON.stringify({ ...list, notices: [], ...change });
}

const hostile = [
  'a},{"b',
  "}]",
  '"accounts":[{',
  "},{",
  'x","state":"ACTIVE"},{"id":"400000000000","name":"y',
  "\\",
  "é 日本",
];

test.each([
  ["nothing but plain names", ["prod", "staging"], {}],
  ["no accounts", [], {}],
  ["a name twice", ["prod", "prod"], {}],
  ["hostile names", hostile, {}],
  ["a name that looks like the space between accounts, before another than last time", ["a},{b", "y"], {}],
  ["hostile log groups after it", ["prod"], { logGroups: ["/a}]", '"accounts":[{'] }],
  ["fields in another order", ["prod"], { accounts: undefined, extra: [{ a: 1 }], notices: [] }],
])("%s: what is read is what the list says by itself, whatever was read before", (_what, names, change) => {
  const lists = new AccountLists();
  const read = (one: string) => {
    try {
      return lists.parse("runs/a/accounts.json", one);
    } catch (error) {
      return error;
    }
  };
  const alone = (one: string) => {
    try {
      return parseRecord(AccountList, "runs/a/accounts.json", one);
    } catch (error) {
      return error;
    }
  };
  const before = [text("run-1", ["prod", "other"]), text("run-2", hostile), text("run-2", ["a},{b", "x"])];
  for (const one of [...before, text("run-3", names, change), text("run-4", [...names, "new"], change), "{", ""])
    expect(read(one)).toEqual(alone(one));
});

test("an account that another run listed with the same letters is parsed once", () => {
  const lists = new AccountLists();
  const [first, second] = [
    lists.parse("a", text("run-1", ["prod", "staging"])),
    lists.parse("b", text("run-2", ["prod", "renamed"])),
  ];
  expect(second.accounts[0]).toBe(first.accounts[0]);
  expect(second.accounts[1]).toMatchObject({ name: "renamed" });
});

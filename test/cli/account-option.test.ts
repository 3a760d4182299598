import { accountIds, accountIdsBy } from "../../apps/cli/account-option";

const ids: Readonly<Record<string, readonly string[]>> = {
  "prod-data": ["300000000000"],
  sandbox: ["500000000000", "400000000000"],
  "600000000000": ["700000000000"],
};
const known = { idsOf: (name: string) => ids[name] ?? [], everyName: () => Object.keys(ids).sort() };

test("an account is given by its id or by its name, and an id is never taken for a name", () => {
  expect(accountIds(["prod-data", "999999999999", "600000000000"], known)).toEqual([
    "300000000000",
    "999999999999",
    "600000000000",
  ]);
});

test("a name that several accounts have is refused, with their ids", () => {
  expect(() => accountIds(["sandbox"], known)).toThrow(
    "Several accounts are named sandbox: 400000000000, 500000000000. Give the id.",
  );
});

test("a name that no account has is refused, with the names that there are", () => {
  expect(() => accountIds(["prod"], known)).toThrow(
    "There is no account named prod. Give an id of 12 digits, or a name. There are: 600000000000, prod-data, sandbox.",
  );
  const none = { idsOf: () => [], everyName: () => [] };
  expect(() => accountIds(["prod"], none)).toThrow("None is known.");
});

test("who knows the names is asked only for a name, and not for an id that was mistyped", async () => {
  const asked = jest.fn(async () => known);
  expect(await accountIdsBy(["999999999999"], asked)).toEqual(["999999999999"]);
  await expect(accountIdsBy(["99999999999"], asked)).rejects.toThrow("99999999999 is no id of an account");
  expect(asked).not.toHaveBeenCalled();
  expect(await accountIdsBy(["prod-data", "999999999999"], asked)).toEqual(["300000000000", "999999999999"]);
});

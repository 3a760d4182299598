import { accountListKey } from "../../handlers/archive/layout";
import { account, utcDay } from "../handlers/support/examples";
import { archiveFolder, ask, removeFolders } from "./support/archive-folder";
import { archiveOfTexts } from "./support/texts";

/** The name of an account beside its id, in every view. */

afterAll(removeFolders);

const other = "400000000000";
const gone = "500000000000";

/** A run's list of accounts, by their ids and names. */
function run(runId: string, startedAt: string, names: Readonly<Record<string, string>>) {
  const list = {
    ...{ version: 1, runId, startedAt, deadline: startedAt, days: [utcDay("2026-11-19")] },
    accounts: Object.entries(names).map(([id, name]) => ({ id, name, state: "ACTIVE", skipped: "outside-targets" })),
  };
  return { key: accountListKey(runId), body: Buffer.from(JSON.stringify(list)) };
}

const objects = archiveOfTexts(["2026-11-19T11:42:00.000Z hello\n"]);
const [{ bucket } = { bucket: "" }] = objects;
const runs = [
  run("run-a", "2026-11-20T13:30:00.000Z", { [account]: "newest name", [other]: "twin" }),
  run("run-b", "2026-11-18T13:30:00.000Z", { [account]: "old name", [other]: "twin", [gone]: "has left" }),
  { key: accountListKey("run-c"), body: Buffer.from("{") },
];
const folder = archiveFolder([...objects, ...runs.map((object) => ({ bucket, ...object }))]);
const rowsOf = async (sql: string) => (await ask(folder, sql)).rows;

test("an account is called as the newest run called it that saw it; a damaged record leaves the others", async () => {
  expect(await rowsOf("SELECT message, account_name FROM events")).toEqual([
    { message: "hello", account_name: "newest name" },
  ]);
  expect(await rowsOf(`SELECT account_name('${gone}') AS gone, account_name('999999999999') AS unknown`)).toEqual([
    { gone: "has left", unknown: null },
  ]);
});

test("a name in the WHERE reads that account alone", async () => {
  const count = "SELECT count(*) AS n FROM events WHERE account_name";
  expect(await ask(folder, `${count} = 'newest name'`)).toMatchObject({ rows: [{ n: 1 }], objects: 2 });
  for (const none of ["= 'twin'", "IN ('twin', 'has left')", "= 'no such name'"])
    expect(await ask(folder, `${count} ${none}`)).toMatchObject({ rows: [{ n: 0 }], objects: 0 });
  expect(await rowsOf(`${count} = 'twin' OR account = '${account}'`)).toEqual([{ n: 1 }]);
});

test("every column of every view can be named without quotes, and means that column", async () => {
  const columns = await rowsOf(
    "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'main' AND column_name <> '$path'",
  );
  expect(columns.length).toBeGreaterThan(100);
  const views = [...new Set(columns.map(({ table_name }) => String(table_name)))];
  for (const view of views) {
    const names = columns.filter(({ table_name }) => table_name === view).map(({ column_name }) => String(column_name));
    const described = await rowsOf(
      `DESCRIBE (SELECT ${names.join(", ")}, CASE WHEN true THEN 1 END AS one FROM ${view})`,
    );
    expect(described.map(({ column_name }) => column_name)).toEqual([...names, "one"]);
    const ofView = await rowsOf(`DESCRIBE ${view}`);
    expect(described.slice(0, -1).map(({ column_type }) => column_type)).toEqual(
      ofView.filter(({ column_name }) => column_name !== "$path").map(({ column_type }) => column_type),
    );
  }
});

import { accountListKey } from "../../../handlers/archive/layout";
import { account, utcDay } from "../../handlers/support/examples";
import { archiveFolder, removeFolders } from "../../query/support/archive-folder";
import { archiveOfTexts } from "../../query/support/texts";
import { orgLogArchive } from "../support/command";

afterAll(removeFolders);

const messages = ["from 198.51.100.19", "from 198.51.100.190", "to 10.9.8.7", "to 110.9.8.7", "via 2001:db8:0:0::1"];
const objects = archiveOfTexts([messages.map((text, at) => `2026-11-19T11:42:0${at}.000Z ${text}\n`).join("")]);
const list = {
  ...{ version: 1, runId: "run-1", startedAt: "2026-11-20T13:30:00.000Z", deadline: "2026-11-21T13:30:00.000Z" },
  ...{ days: [utcDay("2026-11-19")], accounts: [{ id: account, name: "prod-data", state: "ACTIVE" }] },
};
const [{ bucket } = { bucket: "" }] = objects;
const folder = archiveFolder([
  ...objects,
  { bucket, key: accountListKey("run-1"), body: Buffer.from(JSON.stringify(list)) },
]);

test("options find whole addresses and networks, in an account that is given by its name", async () => {
  const found = async (ip: string) => {
    const ended = await orgLogArchive(["query", "--archive", folder, "--account", "prod-data", "--ip", ip, "--json"]);
    const rows = ended.out.split("\n").filter((line) => line !== "");
    return rows.map((line) => JSON.parse(line));
  };
  const [one, network, version6] = await Promise.all(["198.51.100.19", "10.0.0.0/8", "2001:db8::/64"].map(found));
  expect(one).toMatchObject([{ account, account_name: "prod-data", message: "from 198.51.100.19" }]);
  expect(network?.map(({ message }) => message)).toEqual(["to 10.9.8.7"]);
  expect(version6?.map(({ message }) => message)).toEqual(["via 2001:db8:0:0::1"]);
});

test("what is no address, and what goes with no SQL, is refused with a sentence", async () => {
  const ended = (...args: string[]) => orgLogArchive(["query", "--archive", folder, ...args]);
  const [empty, no, sql, name] = await Promise.all([
    ended("--word", ""),
    ended("--ip", "10.0.0"),
    ended("SELECT 1", "--ip", "10.0.0.1"),
    ended("--account", "prod"),
  ]);
  expect(empty).toMatchObject({ code: 3, out: "", err: expect.stringContaining("It is empty. Give a value") });
  expect(no).toMatchObject({ code: 3, err: expect.stringContaining("It must be an IP address or a network, such as") });
  expect(sql).toMatchObject({ code: 3, err: expect.stringContaining("write ip_in(message, '...') instead") });
  expect(name).toMatchObject({ code: 3, err: expect.stringContaining("There are: prod-data.") });
});

import { account, days, noRole, otherAccount } from "../../audit/support/archive";
import { expectedEvents } from "../../query/support/expected";
import { useArchive } from "../../query/support/use-archive";
import { type Ended, orgLogArchive } from "../support/command";

const archive = useArchive();

function search(...args: readonly string[]): Promise<Ended> {
  return orgLogArchive(["search", "--archive", archive.folder, ...args]);
}

const errors = expectedEvents("event-time").filter(({ message }) => /error/i.test(message));

test("in a pipe, counts come first, then the hits, and what they rest on comes last", async () => {
  const { code, out, err } = await search("ERROR");
  const [head = "", ...lines] = out.split("\n");
  expect(head).toBe(`${errors.length} hits in 2 accounts and 4 log groups.`);
  const places = lines.filter((line) => /^\d{4}-\d{2}-\d{2}T/.test(line));
  expect(places).toHaveLength(errors.length);
  expect(lines.findIndex((line) => line.includes("Log group"))).toBeLessThan(lines.indexOf(places[0] ?? ""));
  expect(err).toMatch(/^This answer is not complete\..*\n.* is not complete on .*: role-not-assumable/);
  expect(err).toContain(noRole);
  expect(code).toBe(1);
});

test("as JSON and CSV the hits are rows, and the counts stand with what they rest on", async () => {
  const [json, csv] = await Promise.all([
    search("error", "--json", "--account", `account ${account}`, "--from", days[2]),
    search("Exception in", "--csv", "--context", "1", "--account", account),
  ]);
  const rows = json.out.trimEnd().split("\n");
  const expected = errors.filter((event) => event.account === account && event.day >= days[2]);
  expect(rows.map((row) => JSON.parse(row).message).sort()).toEqual(expected.map(({ message }) => message).sort());
  const { hits, looked, restsOn } = JSON.parse(json.err.trimEnd().split("\n").at(-1) ?? "");
  expect(hits.reduce((sum: number, one: { hits: number }) => sum + one.hits, 0)).toBe(expected.length);
  expect({ looked, restsOn }).toMatchObject({ looked: { from: days[2], to: days[2] }, restsOn: { complete: true } });
  const [head, ...lines] = csv.out.split("\r\n");
  expect(head).toBe("block,hit,ts,day,region,account,account_name,log_group,log_stream,message");
  expect(lines.map((line) => line.split(",").slice(0, 2).join(" ")).filter(Boolean)).toEqual(["1 false", "1 true"]);
});

test("where a limit ends the search, it is said how far it went, and that is what the hits rest on", async () => {
  const [limited, all] = await Promise.all([search("error", "--json", "--limit", "1"), search("error", "--json")]);
  const fieldsOf = ({ err }: Ended) => JSON.parse(err.trimEnd().split("\n").at(-1) ?? "");
  expect(limited.out.trimEnd().split("\n")).toHaveLength(1);
  expect(limited.err).toContain(
    `No day before ${days[2]} was looked at: there were as many hits as --limit asks for.\n`,
  );
  const { looked, restsOn } = fieldsOf(limited);
  expect({ looked, days: restsOn.days }).toEqual({ looked: { from: days[2], to: days[2] }, days: { from: days[2] } });
  expect(restsOn.incomplete.map(({ day }: { day: string }) => day)).toEqual([days[2]]);
  expect(all.err).not.toContain("was looked at");
  expect(fieldsOf(all)).toMatchObject({ looked: { from: days[0], to: days[2] }, restsOn: { days: {} } });
});

test("for Excel, CSV has a byte order mark, and accounts are texts; the word after --csv is no value of it", async () => {
  const [excel, plain] = await Promise.all([search("--csv=excel", "elsewhere"), search("--csv", "elsewhere")]);
  const [head = "", first = ""] = excel.out.split("\r\n");
  expect(head).toMatch(/^\uFEFFts,day,region,account,/);
  expect(first.split(",")[3]).toBe(`"=""${otherAccount}"""`);
  expect(plain.out).toBe(excel.out.replace("\uFEFF", "").replaceAll(`"=""${otherAccount}"""`, otherAccount));
});

test("nothing found is told from nothing archived", async () => {
  const nothing = await search("is nowhere", "--account", otherAccount);
  expect(nothing).toMatchObject({ code: 0, out: "no hits\n" });
  expect(nothing.err).toMatch(/^The archive holds all that was asked for: 1 account in 2 Regions/);
  const never = await search("error", "--from", "2027-01-01", "--to", "2027-12-31");
  expect(never).toMatchObject({ out: "no hits\n", err: expect.stringContaining("no run has covered 2027:") });
});

test.each([
  [[], "missing required argument"],
  [[" "], "An empty word is in every event"],
  [["198.51.100.300"], "198.51.100.300 looks like an IP address or network, and is none."],
  [["2001:db8::/129"], "2001:db8::/129 looks like an IP address or network, and is none."],
  [["10.0.0.0/40"], "10.0.0.0/40 looks like an IP address or network, and is none."],
  [["x", "--csv", "--json"], "Give one of --csv and --json"],
  [["x", "--account", "prod"], "There is no account named prod"],
  [["x", "--context", "-1"], "a whole number from 0"],
])("a search that is not understood ends with a sentence: %j", async (args, sentence) => {
  const { code, out, err } = await search(...args);
  expect({ code, out }).toEqual({ code: 3, out: "" });
  expect(err).toContain(sentence);
  expect(err).not.toContain("    at ");
});

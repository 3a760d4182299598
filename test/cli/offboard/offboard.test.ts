import { Command } from "commander";
import { offboardCommand } from "../../../apps/cli/offboard/command";
import { judge, type OffboardPorts, readHeld } from "../../../apps/cli/offboard/offboard-region";
import { conclusion, verdictText } from "../../../apps/cli/offboard/text";
import { followRuns } from "../../../apps/cli/run/follow";
import { piecesOf } from "../../../apps/cli/run/pieces";
import { coloursFor } from "../../../apps/terminal/colours";
import { operatorRoleName } from "../../../constructs/names";
import { sealKey } from "../../../handlers/archive/layout";
import { Executions } from "../../../handlers/clients/executions";
import { Logs } from "../../../handlers/clients/logs";
import { MemberSessions } from "../../../handlers/clients/member-sessions";
import { assumeRole } from "../../../handlers/clients/role-session";
import { closeAll, type Emulated, emulate } from "../../handlers/support/emulated";
import { account, day, region } from "../../handlers/support/examples";
import { exportsEnd } from "../../handlers/support/faults";
import {
  bucket,
  configuration,
  externalId,
  logArchive,
  logGroup,
  management,
  member,
  noonYesterday,
  start,
  stream,
  world,
} from "../../handlers/support/organisation";
import { begin, interrupt, orgLogArchive } from "../support/command";
import { asOperator, cdkJsonOf, removeCdkJsons } from "../support/deployment-file";

// Draws on terminals, and this is none.
jest.mock("log-update", () => ({ __esModule: true, default: () => {} }));

/** `offboard`: everything of an account archived and sealed, or each gap named. */

afterEach(closeAll);
afterAll(removeCdkJsons);

const deployed = { ...configuration, logGroups: { exclude: ["/left/**"] } };
const file = cdkJsonOf(deployed);

/** An organisation to which the archive is deployed, asked by an administrator of the log archive account. */
async function organisation(groups: Parameters<typeof world>[0]): Promise<Emulated> {
  const emulated = await emulate({ world: world(groups) });
  emulated.deploy(deployed);
  Object.assign(process.env, asOperator(emulated));
  return emulated;
}

function portsOf(emulated: Emulated): OffboardPorts {
  const { clock, source } = emulated;
  const operator = `arn:aws:iam::${logArchive}:role/${operatorRoleName}`;
  const role = { partition: "aws", roleName: "OrgLogArchiveMember", externalId };
  return {
    ...{ region, clock, archive: emulated.store() },
    openLogs: async () => {
      const credentials = await assumeRole(region, operator, "test", source);
      const sessions = new MemberSessions(region, role, "test", source, credentials);
      return new Logs(region, await sessions.assume(account, "look"), source);
    },
  };
}

const whyOf = ({ logGroup, day: of }: { logGroup: string | null; day: string }) => `why ${logGroup} ${of}`;

/** Runs over all that the account holds, as the command does. */
async function archiveAll(emulated: Emulated): Promise<void> {
  const { days } = await readHeld(portsOf(emulated), "UTC");
  const stateMachine = `arn:aws:states:${region}:${logArchive}:stateMachine:OrgLogArchive`;
  let runs = 0;
  const ports = {
    ...{ region, clock: emulated.clock, archive: emulated.store() },
    executions: new Executions(region, stateMachine, emulated.source),
    newRunId: () => `offboard-${++runs}`,
  };
  await followRuns(piecesOf({ days: days.map((one) => one.day), accounts: [account] }), ports, async () => {});
}

const held = [
  logGroup("/a", { createdAt: start - 3 * day }),
  logGroup("/short", { createdAt: start - 60 * day, retentionInDays: 1, streams: [stream("main", noonYesterday)] }),
  logGroup("/left/out", { createdAt: start - 3 * day }),
];

test("what an account holds is every day since its log groups' creation that retention has left something of", async () => {
  const emulated = await organisation(held);
  const { days } = await readHeld(portsOf(emulated), "UTC");
  expect(days.map((one) => one.day)).toEqual(["2026-11-16", "2026-11-17", "2026-11-18", "2026-11-19"]);
});

test("before the runs every log group's day is a gap; after them the account may be closed, as what it held is sealed", async () => {
  const emulated = await organisation(held);
  const before = await judge(account, "UTC", portsOf(emulated));
  expect(before.gaps.filter(({ logGroup: name }) => name === "/a").map(({ day: of, why }) => [of, why])).toEqual(
    ["2026-11-17", "2026-11-18", "2026-11-19"].map((of) => [of, "no-record"]),
  );
  await archiveAll(emulated);
  const after = await judge(account, "UTC", portsOf(emulated));
  expect(after).toMatchObject({ gaps: [], leftOut: ["/left/out"], logGroups: 3, firstDay: "2026-11-16" });
  expect(after.archived).toBe(emulated.receipts().length);
  expect(conclusion(account, [after], [], whyOf)).toContain("may be closed");
  expect(conclusion(account, [after], ["us-east-1"], whyOf)).not.toContain("may be closed");

  emulated.cloud.s3.delete(bucket, sealKey("2026-11-19", account, 1), undefined, emulated.clock.now());
  const unsealed = await judge(account, "UTC", portsOf(emulated));
  expect(unsealed.gaps).toContainEqual({ region, logGroup: "/a", day: "2026-11-19", why: "not-sealed" });
  expect(conclusion(account, [unsealed], [], whyOf)).toMatch(/must not be closed yet: .*\n {2}why \/a 2026-11-19$/);
});

test("an export that fails, and a log group that is still written to, are gaps that are named", async () => {
  const at = start - day / 4;
  const emulated = await organisation([
    logGroup("/a", { createdAt: start - 1.4 * day }),
    logGroup("/b", { createdAt: start - 1.4 * day, streams: [stream("main", at)] }),
  ]);
  const fail = exportsEnd({ status: "FAILED" });
  emulated.rules.push((call) => (call.input.logGroupName === "/a" ? fail(call) : undefined));
  await archiveAll(emulated);
  const { gaps } = await judge(account, "UTC", portsOf(emulated));
  expect(gaps).toContainEqual(
    expect.objectContaining({ logGroup: "/a", day: "2026-11-19", why: expect.stringMatching(/^export-task-failed/) }),
  );
  const late = gaps.filter(({ why }) => why.startsWith("written to at"));
  expect(late.map(({ logGroup: name }) => name)).toContain("/b");
});

/** The command, at the organisation's time instead of this machine's. @returns its last line, and its exit code */
async function offboard(emulated: Emulated, ...options: string[]) {
  let out = "";
  const written = jest.spyOn(process.stdout, "write").mockImplementation((text, ...more) => {
    out += String(text);
    for (const done of more) if (typeof done === "function") done();
    return true;
  });
  const program = new Command();
  offboardCommand(program.command("offboard"), emulated.clock);
  try {
    await program.parseAsync(["offboard", "--configuration", file, "--json", account, ...options], { from: "user" });
    return { code: process.exitCode, verdict: JSON.parse(out.trim().split("\n").at(-1) ?? "") };
  } finally {
    written.mockRestore();
    process.exitCode = undefined;
  }
}

test("the command archives all that an account holds, and only then says that it may be closed", async () => {
  const emulated = await organisation(held);
  expect(await offboard(emulated, "--look")).toMatchObject({ code: 1, verdict: { mayBeClosed: false } });
  expect(emulated.exportTasks()).toEqual([]);
  expect(await offboard(emulated)).toMatchObject({
    code: 0,
    verdict: { account, mayBeClosed: true, said: expect.stringContaining("may be closed"), regions: [{ gaps: [] }] },
  });
  const inputs = emulated.calls("StartExecution").map(({ input }) => JSON.parse(String(input.input)));
  expect(inputs).toEqual([{ days: ["2026-11-16", "2026-11-17", "2026-11-18", "2026-11-19"], accounts: [account] }]);
  expect(
    emulated
      .receipts()
      .map(({ logGroup: name, day: of }) => `${name} ${of}`)
      .sort(),
  ).toEqual([...["2026-11-17", "2026-11-18", "2026-11-19"].map((of) => `/a ${of}`), "/short 2026-11-19"]);
});

test("a Region that the account has not enabled holds nothing", async () => {
  const emulated = await organisation(held);
  emulated.rules.push(({ service }) =>
    service === "logs" ? { kind: "error", name: "UnrecognizedClientException", message: "no" } : undefined,
  );
  expect(await readHeld(portsOf(emulated), "UTC")).toEqual({ groups: [], days: [], isEnabled: false });
});

test("the verdict fits 80 columns, and obeys no log group's name", () => {
  const gaps = Array.from({ length: 30 }, () => ({
    region,
    logGroup: "/\u001b[2J".repeat(20),
    day: "2026-11-19",
    why: "no-record",
  }));
  const text = verdictText({ region, logGroups: 1, archived: 0, settled: {}, leftOut: [], gaps }, 80, coloursFor({}));
  expect(text).not.toMatch(/(?!\n)\p{Cc}/u);
  expect(text.split("\n").filter((line) => line.length > 80)).toEqual([]);
  expect(text).toContain("and 10 more");
});

const args = (...more: string[]) => ["offboard", "--configuration", file, ...more];

test("an account that holds nothing may be closed, and no run is started for it", async () => {
  const emulated = await emulate({ world: world([]) });
  emulated.deploy(deployed);
  const { code, out, err } = await orgLogArchive(args(`account ${account}`), asOperator(emulated));
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out).toContain(`Account ${account} may be closed`);
  expect(emulated.calls("StartExecution")).toEqual([]);
});

test("--look starts nothing, and names what would be lost", async () => {
  const emulated = await emulate({ world: world([logGroup("/a", { createdAt: start - day })]) });
  emulated.deploy(deployed);
  const { code, out } = await orgLogArchive(args(account, "--look", "--json"), asOperator(emulated));
  const last = JSON.parse(out.trim().split("\n").at(-1) ?? "");
  expect(code).toBe(1);
  expect(last).toMatchObject({ mayBeClosed: false, regions: [{ region }] });
  expect(last.regions[0].gaps).toContainEqual({ region, logGroup: "/a", day: "2026-11-19", why: "no-record" });
  expect(emulated.calls("StartExecution")).toEqual([]);
});

test.each([
  ["an account that runs leave out", [management], "Runs leave account"],
  ["the account that has the archive", [logArchive], "holds the archive: it must not be closed"],
  ["an account of no organisation", ["999999999999"], "is not in the organisation"],
  ["what is no account", ["12"], "12 digits"],
])("%s is refused before anything is started", async (_what, given, sentence) => {
  const emulated = await emulate({ world: world([]) });
  const ended = await orgLogArchive(args(...given), asOperator(emulated));
  expect(ended).toMatchObject({ code: 3, out: "", err: expect.stringContaining(sentence) });
});

test.each([
  ["ListAccounts", "AccessDeniedException", "may not do what the command needs"],
  ["AssumeRole", "AccessDenied", "may not use the operators' role"],
  ["DescribeLogGroups", "AccessDeniedException", "may not look at the account's log groups"],
])("%s answered by %s ends with a sentence", async (operation, name, sentence) => {
  const emulated = await emulate({ world: world([]) });
  emulated.deploy(deployed);
  emulated.rules.push((call) => (call.operation === operation ? { kind: "error", name, message: "no" } : undefined));
  const ended = await orgLogArchive(args(account), asOperator(emulated));
  expect(ended).toMatchObject({ code: 3, out: "", err: expect.stringContaining(sentence) });
  expect(ended.err).not.toContain("    at ");
});

test("Ctrl-C ends the looking, and says that the run goes on", async () => {
  const emulated = await emulate({ world: world([logGroup("/app/web")], [member(account)]) });
  emulated.deploy(deployed);
  // What it waits for does not come.
  emulated.rules.push(({ operation }) =>
    operation === "StartExecution" ? { kind: "error", name: "ThrottlingException" } : undefined,
  );
  const { code, err } = await interrupt(begin(args(account), asOperator(emulated)));
  expect(code).toBe(130);
  expect(err).toContain("go on");
});

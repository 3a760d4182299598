import { auditorPolicyName, operatorPolicyName } from "../../../constructs/names";
import { closeAll, type Emulated, emulate } from "../../handlers/support/emulated";
import { account, day, region } from "../../handlers/support/examples";
import { configuration, logArchive, logGroup, member, start, world } from "../../handlers/support/organisation";
import { begin, interrupt, leave, orgLogArchive } from "../support/command";
import { asOperator, asRoleWith, cdkJsonOf, removeCdkJsons, withoutCredentials } from "../support/deployment-file";

/** `run`: starts the deployed state machine, and follows it. */

afterEach(closeAll);
afterAll(removeCdkJsons);

const other = "300000000001";
const file = cdkJsonOf(configuration);

const busy = world(
  [logGroup("/a"), logGroup("/b"), logGroup("/a", { account: other })],
  [account, other].map((id) => member(id)),
);
/** Without any account to archive: for what a run need not get on for. */
const idle = world([], []);

async function deployed(change: Parameters<typeof emulate>[0] = {}): Promise<Emulated> {
  const emulated = await emulate({ world: busy, ...change });
  emulated.deploy(configuration);
  return emulated;
}

const args = (...more: string[]) => ["run", "--configuration", file, ...more];
const yesterday = ["--from", "2026-11-19", "--to", "2026-11-19"];

test("a run is started with the input that was asked for, and its id is printed", async () => {
  const emulated = await deployed({ world: idle });
  const { code, out, err } = await orgLogArchive(
    args(...yesterday, "--account", `account ${logArchive}`, "--log-group", "/a"),
    asOperator(emulated),
  );
  expect({ code, err }).toEqual({ code: 0, err: "" });
  const [, runId = ""] = /run (\S+) {2}started/.exec(out) ?? [];
  expect(out).toContain(`status ${runId} --follow --bucket org-log-archive-${logArchive}-${region}`);
  const [call] = emulated.calls("StartExecution");
  expect(call?.input).toMatchObject({
    name: runId,
    stateMachineArn: `arn:aws:states:${region}:${logArchive}:stateMachine:OrgLogArchive`,
    input: JSON.stringify({ days: ["2026-11-19"], accounts: [logArchive], logGroups: ["/a"] }),
  });
});

test("a followed run of one log group exports it alone, says nothing of the account as a whole, and ends with 0", async () => {
  const emulated = await deployed();
  const ended = await orgLogArchive(
    args(...yesterday, "--log-group", "/a", "--follow", "--json"),
    asOperator(emulated),
  );
  expect(ended).toMatchObject({ code: 0, err: "" });
  const looks = ended.out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(looks.at(-1)).toMatchObject({
    region,
    execution: { status: "SUCCEEDED" },
    run: { status: "complete", items: { done: 2, total: 2 } },
  });
  expect(emulated.receipts().map((one) => [one.account, one.logGroup])).toEqual([
    [account, "/a"],
    [other, "/a"],
  ]);
  expect(emulated.coverage().filter(({ logGroup: name, account: of }) => name !== "/a" && of !== logArchive)).toEqual([
    expect.objectContaining({ logGroup: null, reason: expect.stringMatching(/^management-account/) }),
  ]);
});

test("an account's id with a wrong digit is refused with the one that is near, and nothing is started", async () => {
  const emulated = await deployed({ world: idle });
  const nearly = logArchive.replace(/.$/, "1");
  const ended = await orgLogArchive(args(...yesterday, "--account", nearly), asOperator(emulated));
  expect(ended).toMatchObject({ code: 3, out: "", err: expect.stringContaining(`Near it are: ${logArchive} (`) });
  expect(emulated.calls("StartExecution")).toEqual([]);
});

test("a log group that no account has is named, and is no success", async () => {
  const emulated = await deployed({ world: idle });
  const ended = await orgLogArchive(args(...yesterday, "--log-group", "/typo", "--follow"), asOperator(emulated));
  expect(ended).toMatchObject({ code: 1, out: expect.stringContaining("has the log group /typo") });
});

test("a run that fails is told with what failed, in plain lines in a pipe", async () => {
  const emulated = await deployed();
  emulated.closeAccount(other);
  const { code, out } = await orgLogArchive(args(...yesterday, "--follow"), asOperator(emulated));
  expect(code).toBe(1);
  expect(out).toMatch(new RegExp(`✘ ${other} .*role-not-assumable`));
  expect(out).not.toContain("\u001b");
});

test("a run that ends before it lists the accounts is told with its cause", async () => {
  const emulated = await deployed({ world: idle });
  emulated.rules.push(({ operation, principal }) =>
    operation === "ListAccounts" && principal.kind !== "root"
      ? { kind: "error", name: "AccessDeniedException", message: "no delegated administrator any more" }
      : undefined,
  );
  const { code, out } = await orgLogArchive(args(...yesterday, "--follow"), asOperator(emulated));
  expect(code).toBe(1);
  expect(out.replaceAll("\n", " ")).toContain("no delegated administrator any more");
});

test("a backfill is followed run by run, the oldest days first", async () => {
  const emulated = await deployed({ world: world([logGroup("/a", { createdAt: start - day })]) });
  const days = ["--from", "2026-09-30", "--to", "2026-11-01"];
  const ended = await orgLogArchive(args(...days, "--log-group", "/a", "--follow", "--json"), asOperator(emulated));
  expect(ended.code).toBe(0);
  const inputs = emulated.calls("StartExecution").map(({ input }) => JSON.parse(String(input.input)).days);
  expect(inputs.map((of: string[]) => [of[0], of.length])).toEqual([
    ["2026-09-30", 31],
    ["2026-10-31", 2],
  ]);
  const plain = await orgLogArchive(args(...days, "--log-group", "/a"), asOperator(emulated));
  expect(plain.out.replaceAll("\n", " ")).toContain(
    "go on with:   npx org-log-archive run --from 2026-10-31 --to 2026-11-01 --log-group /a --conf",
  );
  expect(plain.out.replaceAll("\n", " ")).toContain("33 days take 2 runs");
});

test("without --follow scheduled runs go on with a backfill, and status says how far it is, until it is ended", async () => {
  const emulated = await deployed({ world: idle });
  const { code, out } = await orgLogArchive(args("--from", "2026-09-30", "--to", "2026-11-01"), asOperator(emulated));
  expect(code).toBe(0);
  expect(out.replaceAll("\n", " ")).toMatch(/33 days are archived beside the daily ones.*30 days by this run/);
  const status = ["status", "--bucket", `org-log-archive-${logArchive}-${region}`];
  const { out: told } = await orgLogArchive(status, asOperator(emulated));
  expect(told.replaceAll("\n", " ")).toContain(
    "backfill: 2026-09-30 to 2026-11-01 left, 2026-09-30 to 2026-10-29 in this run",
  );
  expect(await orgLogArchive(args("--end-backfill", ...yesterday), asOperator(emulated))).toMatchObject({
    code: 3,
    err: expect.stringContaining("--end-backfill goes with no days"),
  });
  await orgLogArchive(args("--end-backfill"), asOperator(emulated));
  const inputs = emulated.calls("StartExecution").map(({ input }) => JSON.parse(String(input.input)));
  expect(inputs).toEqual([{ backfill: { from: "2026-09-30", to: "2026-11-01" } }, { backfill: null }]);
});

test("the operators' policy and the auditors' are enough to start and follow a run", async () => {
  const emulated = await deployed({ evaluatePolicies: true });
  const follow = args(...yesterday, "--account", account, "--follow");
  const auditor = await orgLogArchive(args(...yesterday, "--follow"), asRoleWith(emulated, auditorPolicyName));
  expect(auditor).toMatchObject({ code: 3, err: expect.stringContaining("states:StartExecution") });
  const operator = asRoleWith(emulated, auditorPolicyName, operatorPolicyName);
  expect(await orgLogArchive(follow, operator)).toMatchObject({ code: 0, err: "" });
});

test.each([
  ["StartExecution", "AccessDeniedException", "may not do what the command needs: OrgLogArchiveOperator"],
  ["StartExecution", "StateMachineDoesNotExist", "Deploy the Region's stack"],
  ["DescribeExecution", "AccessDeniedException", "may not do what the command needs"],
  ["GetObject", "AccessDenied", "may not read the archive"],
])("%s answered by %s ends with a sentence", async (operation, name, sentence) => {
  const emulated = await deployed({ world: idle });
  emulated.rules.push(({ operation: called, principal }) =>
    called === operation && principal.kind === "root" ? { kind: "error", name, message: "no" } : undefined,
  );
  const ended = await orgLogArchive(args(...yesterday, "--follow"), asOperator(emulated));
  expect(ended).toMatchObject({ code: 3, err: expect.stringContaining(sentence) });
  expect(ended.err).not.toContain("    at ");
});

test("without credentials nothing is started", async () => {
  const emulated = await deployed({ world: idle });
  const ended = await orgLogArchive(args(...yesterday), withoutCredentials);
  expect(ended).toMatchObject({ code: 3, out: "", err: expect.stringContaining("There are no AWS credentials") });
  expect(emulated.calls("StartExecution")).toEqual([]);
});

test("a throttled start is made again, and a start whose answer was lost starts one run", async () => {
  const emulated = await deployed({ world: idle });
  let calls = 0;
  emulated.rules.push(({ operation }) => {
    if (operation !== "StartExecution") return undefined;
    calls += 1;
    if (calls === 1) return { kind: "error", name: "ThrottlingException", message: "Rate exceeded" };
    return calls === 2 ? { kind: "drop-after" } : undefined;
  });
  expect(await orgLogArchive(args(...yesterday), asOperator(emulated))).toMatchObject({ code: 0, err: "" });
  expect(calls).toBe(3);
  const started = emulated.events.filter(({ type, parent }) => type === "execution-started" && parent === undefined);
  expect(started).toHaveLength(1);
});

/** Follows the first of two runs, the second of which cannot be started: the command does not end by itself. */
async function following() {
  const emulated = await deployed({ world: idle });
  emulated.rules.push(({ operation }) =>
    operation === "StartExecution" && emulated.calls("StartExecution").length > 1
      ? { kind: "error", name: "ThrottlingException", message: "Rate exceeded" }
      : undefined,
  );
  return begin(args("--from", "2026-10-01", "--to", "2026-11-19", "--follow", "--json"), asOperator(emulated));
}

test("Ctrl-C ends the looking, and says that the run goes on", async () => {
  const { code, err } = await interrupt(await following());
  expect(code).toBe(130);
  expect(err).toContain("go on");
});

test("who has read enough ends it without an error", async () => {
  expect(await leave(await following())).toMatchObject({ code: 0, err: "" });
});

test.each([
  [["--from", "2026-11-18"], "--from and --to go together"],
  [["--from", "2199-01-01", "--to", "2199-01-01"], "cannot be archived yet"],
  [["--log-group", "l".repeat(513)], "No run takes this"],
  [["--region", "mars-north-1"], "has no Region mars-north-1"],
  [["--account", "12"], "12 digits"],
])("run %j is wrong use", async (given, sentence) => {
  // Without credentials: what is wrong is seen before AWS is asked.
  const ended = await orgLogArchive(args(...given), withoutCredentials);
  expect(ended).toMatchObject({ code: 3, out: "", err: expect.stringContaining(sentence) });
  expect(ended.err).not.toContain("    at ");
});

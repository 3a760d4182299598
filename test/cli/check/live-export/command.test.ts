import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { liveChecks } from "../../../../apps/cli/check/live-export/live-checks";
import { auditorPolicyName, operatorPolicyName } from "../../../../constructs/names";
import { closeAll, type Emulated, emulate } from "../../../handlers/support/emulated";
import { account, hour, region } from "../../../handlers/support/examples";
import { exportsEnd, on } from "../../../handlers/support/faults";
import { bucket, configuration, logArchive, logGroup, world } from "../../../handlers/support/organisation";
import { managedPolicy } from "../../../policies/support/deployed";
import { begin, interrupt, leave, orgLogArchive } from "../../support/command";
import { asOperator, cdkJsonOf, removeCdkJsons } from "../../support/deployment-file";

/** `check --live-export` as a person or a program runs it. The log group is empty: nothing rests on the time of day. */

const folder = mkdtempSync(join(tmpdir(), "org-log-archive-live-export-"));
let report: string;
let reports = 0;
beforeEach(() => {
  reports += 1;
  report = join(folder, `${reports}.md`);
});
afterEach(closeAll);
afterAll(() => {
  removeCdkJsons();
  rmSync(folder, { recursive: true });
});

const file = cdkJsonOf(configuration);
const live = (...more: string[]) => ["check", "--configuration", file, "--live-export", "/a", ...more];
const args = (...more: string[]) => live("--account", account, "--report", report, ...more);

async function organisation(options: Parameters<typeof emulate>[0] = {}): Promise<Emulated> {
  const emulated = await emulate({ world: world([logGroup("/a", { streams: [] })]), ...options });
  emulated.deploy(configuration);
  emulated.rules.push(exportsEnd({ durationMs: 0 }));
  return emulated;
}

/** The environment of a principal of the log archive account who has these policies and no other. */
function as(emulated: Emulated, ...names: string[]): Record<string, string> {
  const { stacks } = emulated.deploy(configuration);
  const trustPolicy = { Version: "2012-10-17", Statement: [] };
  const policies = names.flatMap((name) => managedPolicy(stacks, name));
  const { arn } = emulated.cloud.iam.createRole({ account: logArchive, name: "Operator", trustPolicy, policies });
  const { accessKeyId, secretAccessKey, sessionToken } = emulated.cloud.iam.issueCredentials(arn, "operator");
  return { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken };
}

test("by the operators' and auditors' policies alone it exports, tells every check, and writes the report", async () => {
  const emulated = await organisation({ evaluatePolicies: true });
  const before = emulated.cloud.calls.length;
  const { code, out, err } = await orgLogArchive(args(), as(emulated, auditorPolicyName, operatorPolicyName));
  expect({ code, err }).toEqual({ code: 0, err: "" });
  for (const { name } of liveChecks) expect(out).toMatch(new RegExp(`^[✔?] ${name}$`, "m"));
  expect(out).not.toContain("\u001b");
  const [task] = emulated.exportTasks();
  expect(out).toContain(`Export task ${task?.id}: `);
  expect(out.replaceAll("\n", " ")).toContain(
    `Left in ${bucket}, where verify names them as orphan folders, beside aws-logs-write-test: ${account}/`,
  );
  expect(out).toContain(`Report: ${report}.`);
  const text = readFileSync(report, "utf8");
  expect(text).toContain("| caller-permissions | settled | s3:PutObject is demanded.");
  expect(text).not.toContain(account);
  const changing = emulated.cloud.calls
    .slice(before)
    .map(({ operation }) => operation)
    .filter((name) => !/^(Get|List|Describe|AssumeRole$)/.test(name));
  expect(new Set(changing)).toEqual(new Set(["CreateExportTask"]));
});

test("--json prints every check with what it asks, what was left and where the report is, and nothing else", async () => {
  const emulated = await organisation();
  const { code, out, err } = await orgLogArchive(args("--json"), asOperator(emulated));
  expect({ code, err }).toEqual({ code: 0, err: "" });
  const said = JSON.parse(out);
  expect(said).toMatchObject({ ending: null, bucket, report });
  expect(said.checks.map(({ name }: { name: string }) => name)).toEqual(liveChecks.map(({ name }) => name));
  expect(said.checks[0]).toMatchObject({
    region,
    status: "settled",
    asks: expect.any(String),
    details: [expect.any(String)],
  });
  expect(said.left).toEqual(emulated.exportTasks().map(({ id, destinationPrefix }) => `${destinationPrefix}/${id}/`));
});

test("who may not use the operators' role creates nothing", async () => {
  const emulated = await organisation({ evaluatePolicies: true });
  const ended = await orgLogArchive(args(), as(emulated, auditorPolicyName));
  expect(ended).toMatchObject({
    code: 3,
    out: "",
    err: expect.stringContaining("may not do what the command needs: OrgLogArchiveOperator"),
  });
  expect(emulated.calls("CreateExportTask")).toEqual([]);
  expect(existsSync(report)).toBe(false);
});

test("a bucket policy that keeps CloudWatch Logs out fails it, with what to do, and the report says so", async () => {
  const emulated = await organisation({ evaluatePolicies: true });
  const found = emulated.cloud.s3.find(bucket);
  if (!found) throw new Error("There is no bucket");
  const { versioning: _, ...was } = found;
  const policy = JSON.parse(JSON.stringify(was.policy).replaceAll("aws:SourceOrgID", "aws:SourceOrgPaths"));
  emulated.cloud.s3.createBucket({ ...was, versioning: true, policy });
  const { code, out } = await orgLogArchive(args(), as(emulated, auditorPolicyName, operatorPolicyName));
  expect(code).toBe(1);
  expect(out).toMatch(/✘ source-organization\n[\s\S]*GetBucketAcl[\s\S]*bucketPolicy to "accounts"/);
  expect(out).toContain("No export was left in the bucket.");
  expect(readFileSync(report, "utf8")).toContain(
    "| source-organization | failed | AccessDeniedException: GetBucketAcl",
  );
});

test("an export task of the account's own ends it at once: nothing is created, and no report written", async () => {
  const emulated = await organisation();
  const task = await emulated.exportByHand("/a", hour);
  const ended = await orgLogArchive(args(), asOperator(emulated));
  expect(ended).toMatchObject({
    code: 1,
    out: "",
    err: expect.stringContaining(`Export task ${task.id} of log group /a`),
  });
  expect(ended.err).toContain("Nothing was created. Try again");
  expect(emulated.exportTasks()).toHaveLength(1);
  expect(existsSync(report)).toBe(false);
});

test("a report is not written over, and that is said before anything is created", async () => {
  const emulated = await organisation();
  writeFileSync(report, "mine");
  const ended = await orgLogArchive(args(), asOperator(emulated));
  expect(ended).toMatchObject({ code: 3, out: "", err: expect.stringContaining(`${report} is there already`) });
  expect(readFileSync(report, "utf8")).toBe("mine");
  expect(emulated.calls("CreateExportTask")).toEqual([]);
});

test.each([
  ["no account", ["--live-export", "/a"], "--live-export needs --account"],
  ["no log group's name", ["--live-export", "/a*", "--account", account], "/a* is no log group's name"],
  ["an account without a log group", ["--account", account], "go with --live-export alone"],
  ["a report without a log group", ["--report", "r.md"], "go with --live-export alone"],
])("%s is wrong use, and asks AWS nothing", async (_what, options, sentence) => {
  const emulated = await emulate({ world: world([]) });
  const ended = await orgLogArchive(["check", "--configuration", file, ...options], asOperator(emulated));
  expect(ended).toMatchObject({ code: 3, out: "", err: expect.stringContaining(sentence) });
  expect(emulated.cloud.calls).toEqual([]);
});

test.each([
  ["12", "12 is no id of an account"],
  ["nowhere", "There is no account named nowhere"],
])("an account that is not there (%s) is wrong use", async (name, sentence) => {
  const emulated = await organisation();
  const ended = await orgLogArchive(live("--account", name), asOperator(emulated));
  expect(ended).toMatchObject({ code: 3, out: "", err: expect.stringContaining(sentence) });
  expect(emulated.calls("CreateExportTask")).toEqual([]);
});

test("the account may be given by its name", async () => {
  const emulated = await organisation();
  const ended = await orgLogArchive(live("--account", `account ${account}`, "--report", report), asOperator(emulated));
  expect(ended).toMatchObject({ code: 0, err: "" });
  expect(emulated.exportTasks()).toMatchObject([{ account }]);
});

test("of a deployment to several Regions one has to be given", async () => {
  const several = cdkJsonOf({ ...configuration, regions: [region, "us-east-1"] });
  const ended = await orgLogArchive(
    ["check", "--configuration", several, "--live-export", "/a", "--account", account],
    {},
  );
  expect(ended).toMatchObject({ code: 3, err: expect.stringContaining(`give --region, one of ${region}, us-east-1`) });
});

test("a log group that is not there is wrong use", async () => {
  const emulated = await organisation({ world: world([]) });
  const ended = await orgLogArchive(args(), asOperator(emulated));
  expect(ended).toMatchObject({ code: 3, out: "", err: expect.stringContaining("has no log group /a in") });
});

test.each([
  ["expired credentials", "ExpiredToken", "credentials have expired"],
  ["credentials that AWS does not know", "InvalidClientTokenId", "does not know these credentials"],
])("%s end it with a sentence", async (_what, name, sentence) => {
  const emulated = await organisation();
  emulated.rules.unshift(() => ({ kind: "error", name, message: "no", status: 403 }));
  const ended = await orgLogArchive(args(), asOperator(emulated));
  expect(ended).toMatchObject({ code: 3, out: "", err: expect.stringContaining(sentence) });
});

test.each([
  ["has no member role", "AssumeRole", "RoleNotAssumable"],
  ["has not enabled the Region", "DescribeLogGroups", "RegionNotEnabled"],
])("an account that %s is said in a sentence", async (_what, operation, name) => {
  const emulated = await organisation();
  if (operation === "AssumeRole") emulated.closeAccount(account);
  else emulated.rules.unshift(on(operation, { kind: "error", name: "UnrecognizedClientException", message: "no" }));
  const ended = await orgLogArchive(args(), asOperator(emulated));
  expect(ended).toMatchObject({ code: 3, out: "", err: expect.stringContaining(name) });
  expect(ended.err).not.toContain("    at ");
});

test("Ctrl-C while an export task runs says what goes on and what is left, and cancels nothing", async () => {
  const emulated = await organisation();
  emulated.rules.unshift(exportsEnd({ durationMs: hour }));
  const ended = await interrupt(begin(args(), asOperator(emulated)));
  const [task] = emulated.exportTasks();
  expect(ended).toMatchObject({ code: 130, out: expect.stringContaining(`Export task ${task?.id}`) });
  expect(ended.err).toContain(`${task?.destinationPrefix}/${task?.id}/`);
  expect(ended.err).toContain("ends by itself");
  expect(emulated.calls("CancelExportTask")).toEqual([]);
  expect(existsSync(report)).toBe(false);
});

test("what fails after an export was created says what is left", async () => {
  const emulated = await organisation();
  emulated.rules.unshift(on("ListObjectVersions", { kind: "error", name: "AccessDenied", message: "no", status: 403 }));
  const { code, err } = await orgLogArchive(args(), asOperator(emulated));
  const [task] = emulated.exportTasks();
  expect(code).toBe(3);
  expect(err).toContain("may not read the archive");
  expect(err).toContain(
    `Left in ${bucket}, where verify names them as orphan folders, beside aws-logs-write-test: ${task?.destinationPrefix}/${task?.id}/`,
  );
});

test("a reader who has read enough ends it without an error, and what is left is said", async () => {
  const emulated = await organisation();
  emulated.rules.unshift(exportsEnd({ durationMs: hour }));
  const { code, err } = await leave(begin(args(), asOperator(emulated)));
  expect(code).toBe(0);
  expect(err).toMatch(/^Left in .* No report is written.\n$/);
});

test("without --report the file is named by the moment, in the folder where one is", async () => {
  const emulated = await organisation();
  const tool = resolve("apps/cli/org-log-archive.js");
  const cwd = mkdtempSync(join(folder, "here-"));
  const env = { ...process.env, ...asOperator(emulated) };
  const child = spawn(process.execPath, [tool, ...live("--account", account)], { cwd, env, stdio: "ignore" });
  expect(await once(child, "close")).toEqual([0, null]);
  expect(readdirSync(cwd)).toEqual([
    expect.stringMatching(/^org-log-archive-live-export-\d{4}-\d{2}-\d{2}T\d{6}Z\.md$/),
  ]);
});

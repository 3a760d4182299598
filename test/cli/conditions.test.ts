import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Call, Fault } from "../../apps/emulator";
import { closeAll, type Emulated, emulate } from "../handlers/support/emulated";
import { account, day } from "../handlers/support/examples";
import { bucket, configuration, logArchive, logGroup, start, world, yesterday } from "../handlers/support/organisation";
import { runOnce } from "../handlers/support/run";
import { begin, type Ended, ending, leave, orgLogArchive } from "./support/command";
import { asOperator, cdkJsonOf, removeCdkJsons, withoutCredentials } from "./support/deployment-file";

/** What every command does when AWS refuses, slows down or is not there, and when its reader or the person leaves. */

const folder = mkdtempSync(join(tmpdir(), "org-log-archive-conditions-"));
const key = join(folder, "key.pem");
const out = join(folder, "evidence");
const inBucket = ["--bucket", bucket];
const days = ["--from", yesterday, "--to", yesterday];
const deployment = ["--configuration", cdkJsonOf(configuration)];

interface Row {
  readonly args: readonly string[];
  /** What it exits with where nothing is wrong; 1 where what is asked about is not complete. */
  readonly code: 0 | 1;
  /** What it exits with where AWS denies everything but saying who asks. */
  readonly denied?: 1;
}

/** A command that is new has to come here. */
const rows: Readonly<Record<string, Row>> = {
  check: { args: deployment, code: 0, denied: 1 },
  plan: { args: [...deployment, ...days], code: 0 },
  run: { args: [...deployment, ...days], code: 0 },
  // The days since are in no archive.
  offboard: { args: [account, "--look", ...deployment], code: 1 },
  // No scheduled run has begun since.
  status: { args: inBucket, code: 1 },
  why: { args: [account, "/a", yesterday, ...inBucket], code: 0 },
  coverage: { args: [...days, ...inBucket], code: 0 },
  verify: { args: [...days, ...inBucket], code: 0 },
  prove: { args: ["--account", account, "--log-group", "/a", ...days, ...inBucket], code: 0 },
  evidence: { args: [...days, "--public-key", key, "--out", out, ...inBucket], code: 0 },
  "public-key": { args: inBucket, code: 0 },
  query: { args: ["--log-group", "/a", ...days, ...inBucket, "--cache", join(folder, "query")], code: 0 },
  search: { args: ["main", ...days, ...inBucket, "--cache", join(folder, "search")], code: 0 },
};
const commands = Object.entries(rows).map(([name, { args, ...row }]) => ({ name, words: [name, ...args], ...row }));

let emulated: Emulated;
let operator: Record<string, string>;

beforeAll(async () => {
  emulated = await emulate({ world: world([logGroup("/a", { createdAt: start - 2 * day })]) });
  await runOnce(emulated);
  operator = asOperator(emulated);
  await orgLogArchive(["public-key", ...inBucket, "--out", key], operator);
});
afterEach(async () => {
  emulated.rules.length = 0;
  for (const made of [out, join(folder, "query"), join(folder, "search")])
    rmSync(made, { recursive: true, force: true });
  await emulated.cloud.stateMachines.ended();
});
afterAll(async () => {
  await closeAll();
  removeCdkJsons();
  rmSync(folder, { recursive: true });
});

/** Of the command's own calls, and not of the functions that a run of it starts. */
function answering(fault: (call: Call) => Fault | undefined): void {
  emulated.rules.push((call) => (call.principal.kind === "root" ? fault(call) : undefined));
}

const nameOf = ({ service }: Call, ofRest: string, ofOthers: string) =>
  ["s3", "sts"].includes(service) ? ofRest : ofOthers;

/** No command shows where in its source an error arose, or leaves half of what it writes. */
function expectSentence({ err }: Ended): void {
  expect(err).not.toMatch(/^ {4}at |EPIPE/m);
  expect(existsSync(out)).toBe(false);
}

test("every command is here", async () => {
  const { out: help } = await orgLogArchive(["--help"], { COLUMNS: "80" });
  const named = [...help.slice(help.indexOf("Commands:")).matchAll(/^ {2}([a-z-]+) /gm)].map(([, name]) => name);
  expect(named.filter((name) => name !== "help").sort()).toEqual(Object.keys(rows).sort());
});

test.each(commands)(
  "$name in a pipe answers without colours, and again where each of its calls was throttled once",
  async (row) => {
    const throttled = new Set<string>();
    answering((call) => {
      if (throttled.has(call.operation)) return undefined;
      throttled.add(call.operation);
      return {
        kind: "error",
        name: nameOf(call, "SlowDown", "ThrottlingException"),
        message: "Rate exceeded",
        status: 503,
      };
    });
    const ended = await orgLogArchive(row.words, { ...operator, FORCE_COLOR: "1" });
    expect({ code: ended.code, err: ended.err }).toEqual({
      code: row.code,
      err: expect.not.stringMatching(/^ {4}at /m),
    });
    expect(`${ended.out}${ended.err}`).not.toContain("\u001b");
    expect(ended.out).not.toBe("");
    expect(throttled.size).toBeGreaterThan(0);
  },
);

test.each(commands)("$name without credentials names the profile that has none", async ({ words }) => {
  const ended = await orgLogArchive(words, { ...withoutCredentials, AWS_PROFILE: "log-archive" });
  expect(ended).toMatchObject({ code: 3, out: "" });
  expect(ended.err).toContain("There are no AWS credentials in the profile log-archive, which AWS_PROFILE names.");
  expectSentence(ended);
});

const deployed = commands.filter(({ words }) => words.includes("--configuration"));

test.each(deployed)(
  "$name by credentials of another account says which it has to be, and does nothing",
  async ({ words }) => {
    const before = emulated.cloud.calls.length;
    const ended = await orgLogArchive(words, { ...asOperator(emulated, account), AWS_PROFILE: "" });
    expect(ended).toMatchObject({ code: 3, out: "" });
    expect(ended.err).toContain(`are of account ${account}, and the log archive account is ${logArchive}. Sign in`);
    expect(emulated.cloud.calls.slice(before).map(({ operation }) => operation)).toEqual(["GetCallerIdentity"]);
  },
);

test.each(commands)("$name says that credentials have expired", async ({ words }) => {
  answering((call) => ({ kind: "error", name: nameOf(call, "ExpiredToken", "ExpiredTokenException"), message: "no" }));
  const ended = await orgLogArchive(words, operator);
  expect(ended).toMatchObject({ code: 3, out: "", err: expect.stringContaining("credentials have expired") });
  expectSentence(ended);
});

test.each(commands)("$name without permission says so, and what it takes", async ({ words, denied = 3 }) => {
  answering((call) =>
    call.operation === "GetCallerIdentity"
      ? undefined
      : { kind: "error", name: nameOf(call, "AccessDenied", "AccessDeniedException"), message: "no" },
  );
  const ended = await orgLogArchive(words, operator);
  expect(ended.code).toBe(denied);
  expect(`${ended.out}${ended.err}`.replaceAll(/\n */g, " ")).toMatch(/These credentials may not (do what|read|use)/);
  expectSentence(ended);
});

test.each(commands)("$name ends by Ctrl-C, whatever it waits for", async ({ words }) => {
  const child = begin(words, operator);
  answering(() => {
    child.kill("SIGINT");
    return { kind: "error", name: "ThrottlingException", message: "Rate exceeded", status: 503 };
  });
  const ended = await ending(child);
  expect(ended.code).toBe(130);
  expectSentence(ended);
});

test.each(commands)("$name ends without an error where its reader has read enough", async ({ words, code }) => {
  const ended = await leave(begin(words, operator));
  // It may have known already how it ends.
  expect([0, code]).toContain(ended.code);
  expect(ended.err).not.toMatch(/^ {4}at |EPIPE/m);
});

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { headText } from "../../handlers/archive/digests";
import { FolderStore } from "../../handlers/archive/folder-store";
import { sha256Hex } from "../../handlers/archive/hashing";
import { receiptKey, sealKey } from "../../handlers/archive/layout";
import { closeAll, emulate } from "../handlers/support/emulated";
import { account } from "../handlers/support/examples";
import { bucket, logGroup, member, noonYesterday, stream, world, yesterday } from "../handlers/support/organisation";
import { runOnce } from "../handlers/support/run";
import { keyOfRuns } from "../verify/support/sealed-archive";
import { orgLogArchive } from "./support/command";

/** `prove`, and `verify` and `coverage` of one log group: what an auditor is shown of it, and no more. */

const root = mkdtempSync(join(tmpdir(), "org-log-archive-prove-"));
const archive = join(root, "s3");
const noRole = "500000000000";
let proof: string[];

beforeAll(async () => {
  const groups = [logGroup("/app/web"), logGroup("/app/api", { streams: [stream("main", noonYesterday + 1)] })];
  const emulated = await emulate({
    world: world([...groups, logGroup("/app/quiet", { streams: [] })], [member(account), member(noRole)]),
  });
  emulated.rules.push((call) =>
    call.operation === "AssumeRole" && String(call.input.RoleArn).includes(noRole)
      ? { kind: "error", name: "AccessDenied", message: "there is no such role" }
      : undefined,
  );
  const { signed } = await runOnce(emulated);
  const store = new FolderStore(archive, bucket);
  for (const { key, body } of emulated.cloud.s3.objects(bucket)) await store.putOnce(key, Buffer.from(body));
  writeFileSync(join(root, "key.pem"), keyOfRuns(emulated).pem);
  proof = ["--head", headText(signed.head), "--public-key", join(root, "key.pem"), "--deep"];
});
afterAll(async () => {
  await closeAll();
  rmSync(root, { recursive: true, force: true });
});

const of = (name: string, id = account) => ["--account", id, "--log-group", name, "--from", yesterday];
const prove = (...args: readonly string[]) => orgLogArchive(["prove", "--archive", archive, ...args]);

/** A copy of the archive in which this object has other bytes of the same size. */
function damaged(key: string): string {
  const folder = mkdtempSync(join(root, "damaged-"));
  cpSync(archive, folder, { recursive: true });
  const file = join(folder, bucket, ...key.split("/"));
  const bytes = readFileSync(file);
  bytes[bytes.length - 2] = (bytes.at(-2) ?? 0) ^ 1;
  writeFileSync(file, bytes);
  return folder;
}

/** The key of an exported object of a log group. */
function objectOf(name: string): string {
  const seal = JSON.parse(readFileSync(join(archive, bucket, ...sealKey(yesterday, account, 1).split("/")), "utf8"));
  const item = seal.items.find((one: { logGroup: string }) => one.logGroup === name);
  return item.objects[0].key;
}

test("a page names what was expected, and each receipt, seal and digest with its hash, and ends with the verdict", async () => {
  const { code, out } = await prove(...of("/app/web"), ...proof);
  const hashOf = (key: string) => sha256Hex(readFileSync(join(archive, bucket, ...key.split("/"))));
  const indent = `\n${" ".repeat(11)}`;
  for (const key of [
    receiptKey(yesterday, account, "/app/web", 1),
    sealKey(yesterday, account, 1),
    "digests/0000000001.json",
  ])
    expect(out).toContain(`${indent}${key}${indent}${hashOf(key)}\n`);
  expect(out).toMatch(/expected to be exported, as \d of 3 in the account/);
  expect(out).toContain("VERDICT: complete and unaltered.");
  expect(out.split("\n").filter((line) => line.trim().includes(" ") && line.length > 80)).toEqual([]);
  expect(code).toBe(0);
});

test("a bucket gives the same page as a copy of it", async () => {
  const given = [...of("/app/web"), ...proof, "--json"];
  const pages = [await prove(...given), await orgLogArchive(["prove", "--bucket", bucket, ...given])];
  const [folder, atAws] = pages.map(({ out }) => ({ ...JSON.parse(out), archive: "", checkedAt: "" }));
  expect(folder).toMatchObject({ verdict: "complete and unaltered", exitCode: 0, failedDays: 0, unproven: [] });
  expect(atAws).toEqual(folder);
  expect(pages.map(({ code }) => code)).toEqual([0, 0]);
});

test("without a key it is complete by its records, and what is not proven is said", async () => {
  const { code, out } = await prove(...of("/app/web"));
  expect(out).toContain("Not proven: Who signed the digests");
  expect(out).toContain("VERDICT: complete by its records");
  expect(code).toBe(0);
});

test("what is empty rests on its coverage", async () => {
  const { code, out } = await prove(...of("/app/quiet"), ...proof, "--json");
  const [{ days }] = JSON.parse(out).regions;
  expect(days).toMatchObject([{ stands: "empty, no-recent-events", receipts: [], coverage: [expect.anything()] }]);
  expect(code).toBe(0);
});

test("damage to its own object is found, and damage to another log group's is none of it", async () => {
  const own = damaged(objectOf("/app/web"));
  const ask = (command: string, folder: string, name: string) =>
    orgLogArchive([command, "--archive", folder, ...of(name), ...proof, "--json"]);
  for (const command of ["prove", "verify"]) {
    const [found, other] = [await ask(command, own, "/app/web"), await ask(command, own, "/app/api")];
    expect(JSON.parse(found.out).findings).toMatchObject([{ kind: "changed-object", detail: objectOf("/app/web") }]);
    expect(JSON.parse(other.out).findings).toEqual([]);
    expect([found.code, other.code]).toEqual([2, 0]);
  }
});

test("a record that log groups share is looked at, whichever of them is asked about", async () => {
  const folder = damaged(sealKey(yesterday, account, 1));
  const { code } = await orgLogArchive(["prove", "--archive", folder, ...of("/app/api"), ...proof]);
  expect(code).toBe(2);
});

test("an account that could not be read is incomplete, whatever log groups it may have", async () => {
  const { code, out } = await prove(...of("/app/web", noRole), ...proof);
  expect(out).toContain("the whole account: failed, role-not-assumable");
  expect(out).toContain("VERDICT: incomplete. Not archived: 1 of 1 day.");
  expect(code).toBe(1);
});

test.each(["prove", "verify", "coverage", "why"])("%s takes an account's name for its id", async (command) => {
  const answer = async (id: string) => {
    const about = command === "why" ? [id, "/app/web", yesterday] : [...of("/app/web", id), "--to", yesterday];
    const { code, out, err } = await orgLogArchive([command, "--archive", archive, ...about, "--json"]);
    return { code, err, ...(code === 3 ? {} : { answer: { ...JSON.parse(out), checkedAt: "" } }) };
  };
  const [byId, byName, byNone] = await Promise.all([account, `account ${account}`, "acct"].map(answer));
  expect(byId?.code).toBe(0);
  expect(byName).toEqual(byId);
  const sentence = `There is no account named acct. Give an id of 12 digits, or a name. There are: `;
  expect(byNone).toEqual({ code: 3, err: expect.stringContaining(sentence) });
});

test("a name that no run has seen is refused, and offered those like it", async () => {
  for (const command of ["prove", "coverage"]) {
    const { code, err } = await orgLogArchive([command, "--archive", archive, ...of("/app")]);
    expect(err).toContain(
      "No record of this range speaks of log group /app. There are: /app/api, /app/quiet, /app/web.",
    );
    expect(code).toBe(3);
  }
  const { code, err } = await orgLogArchive(["verify", "--archive", archive, ...of("/app")]);
  expect([code, err]).toEqual([3, expect.stringContaining("No record of this range speaks of log group /app.")]);
});

test.each([
  [["--log-group", "/app/web", "--from", yesterday], "give one --account"],
  [["--log-group", "/app/web", "--account", account], "give --from"],
  [[...of("/app/web").slice(0, 4), "--from", "2999-01-01"], "No day from 2999-01-01 on is due yet"],
])("without a subject it says what is missing: %j", async (args, sentence) => {
  const { code, err } = await prove(...args);
  expect([code, err]).toEqual([3, expect.stringContaining(sentence)]);
});

test("coverage of one log group shows the accounts that have it, and those that could not be read", async () => {
  const { code, out } = await orgLogArchive([
    ...["coverage", "--archive", archive, "--log-group", "/app/web", "--to", yesterday, "--json"],
  ]);
  const { cells } = JSON.parse(out);
  const found = cells.map(({ account: id, state, counts }: { account: string; state: string; counts: object }) => [
    ...[id, state, Object.values(counts).reduce((sum, count) => sum + count, 0)],
  ]);
  expect(found).toEqual([
    [account, "complete", 1],
    [noRole, "missing", 0],
  ]);
  expect(code).toBe(1);
});

test("verify of one log group counts its days and objects alone", async () => {
  const of = ["--log-group", "/app/web", "--account", account, "--json", ...proof];
  const { out } = await orgLogArchive(["verify", "--archive", archive, ...of]);
  expect(JSON.parse(out)).toMatchObject({ intact: true, complete: true, accountDays: 1, objects: 1 });
});

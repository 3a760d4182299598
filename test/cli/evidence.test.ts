import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { headOf, headText, mostLeavesInDigest } from "../../handlers/archive/digests";
import { FolderStore } from "../../handlers/archive/folder-store";
import {
  accountListKey,
  coverageKey,
  digestKey,
  leavesKey,
  sealKey,
  signatureKey,
} from "../../handlers/archive/layout";
import { closeAll, emulate } from "../handlers/support/emulated";
import { account, region } from "../handlers/support/examples";
import { bucket, logArchive, logGroup, management, world, yesterday } from "../handlers/support/organisation";
import { runOnce } from "../handlers/support/run";
import { keyOfRuns, type SigningKey, sealAndSign, signingKey } from "../verify/support/sealed-archive";
import { orgLogArchive } from "./support/command";

/** What a reviewer takes home, checked as a reviewer would: with the commands of its own README. */

const root = mkdtempSync(join(tmpdir(), "org-log-archive-evidence-"));
const archive = join(root, "s3");
const evidence = join(root, "evidence");

/** A day that only the second run knows. */
const dayBefore = "2026-11-18";
/** What it seals: also what the first left of the accounts that it skipped. */
const secondSeals = [
  sealKey(dayBefore, account, 1),
  ...[management, logArchive].map((skipped) => sealKey(yesterday, skipped, 1)),
];
let heads: string[] = [];

beforeAll(async () => {
  const emulated = await emulate({ world: world([logGroup("/app/web")]) });
  const { signed } = await runOnce(emulated);
  const objects = new Map(
    [...emulated.cloud.s3.objects(bucket)].map(({ key, body }) => [key, Buffer.from(body)] as const),
  );
  const second = laterRun(objects, keyOfRuns(emulated));
  heads = [headText(signed.head), headText(second)];
  const store = new FolderStore(archive, bucket);
  for (const [key, body] of objects) await store.putOnce(key, body);
  writeFileSync(join(root, "key.pem"), keyOfRuns(emulated).pem);
  const { code, err } = await orgLogArchive([...asked(evidence), "--head", headText(second), "--deep"]);
  expect([code, err]).toEqual([0, expect.any(String)]);
});
afterAll(async () => {
  await closeAll();
  rmSync(root, { recursive: true, force: true });
});

/** A second run, of the day before, which left so much that its digest has its leaves beside it. */
function laterRun(objects: Map<string, Buffer>, key: SigningKey) {
  const runId = "run-2";
  const list = JSON.parse(objects.get(accountListKey("run-1"))?.toString("utf8") ?? "");
  const put = (place: string, value: unknown) => objects.set(place, Buffer.from(`${JSON.stringify(value)}\n`));
  put(accountListKey(runId), { ...list, runId, days: [{ ...list.days[0], day: dayBefore }] });
  const about = { account, region, logGroup: "/app/web", day: dayBefore, outcome: "empty", logClass: "STANDARD" };
  put(coverageKey(dayBefore, account, runId, 1), { ...about, runId, at: "2026-11-20T14:00:00.000Z" });
  for (let n = 0; n <= mostLeavesInDigest; n += 1) put(`runs/${runId}/outcomes/${account}/${n}.jsonl`, {});
  return headOf(sealAndSign(bucket, objects, runId, key));
}

function asked(out: string): string[] {
  return ["evidence", "--archive", archive, "--public-key", join(root, "key.pem"), "--out", out];
}

interface Said {
  readonly code: number;
  readonly out: string;
}

/** Pastes the commands of the folder's README, a block at a time, into a shell that is used for more. */
function followGuide(folder: string): Said[] {
  const blocks = [...readFileSync(join(folder, "README.md"), "utf8").matchAll(/```\n([\s\S]*?)\n```/g)];
  expect(blocks).toHaveLength(5);
  return blocks.map(([, commands]) => {
    const input = `${commands}\necho "SHELL $?"\n`;
    const { stdout, stderr } = spawnSync("/bin/sh", { cwd: folder, encoding: "utf8", input });
    const [, out = "", code] = /^([\s\S]*?)SHELL (\d+)\n$/.exec(stdout) ?? [];
    return { code: code === undefined ? -1 : Number(code), out: `${out}${stderr}` };
  });
}

/** A copy of the folder with a change, of which `SHA256SUMS` knows nothing, or which it was made to agree with. */
function changed(change: (folder: string) => void, sums: "as they were" | "made anew"): string {
  const copy = mkdtempSync(join(root, "changed-"));
  cpSync(evidence, copy, { recursive: true });
  change(copy);
  const hashAll = "find . -type f ! -name SHA256SUMS | sed 's#^./##' | xargs sha256sum > SHA256SUMS";
  if (sums === "made anew") execFileSync("/bin/sh", ["-c", hashAll], { cwd: copy });
  return copy;
}

const without =
  (...files: readonly string[]) =>
  (folder: string) => {
    for (const file of files) rmSync(join(folder, bucket, file));
  };

test("it is about the account that is named, and refuses a name that none has before it writes", async () => {
  const about = async (name: string) => {
    const out = join(root, `evidence of ${name}`);
    const given = ["--archive", archive, "--public-key", join(root, "key.pem"), "--account", name, "--out", out];
    const { code, err } = await orgLogArchive(["evidence", ...given]);
    return { code, err, written: existsSync(join(out, "verification.json")), out };
  };
  const [known, none] = await Promise.all([about(`account ${account}`), about("acct")]);
  expect(known).toMatchObject({ code: 0, written: true });
  const { range } = JSON.parse(readFileSync(join(known.out, "verification.json"), "utf8"));
  expect(range).toEqual({ accounts: [account] });
  expect(none).toMatchObject({ code: 3, err: expect.stringContaining("no account named acct"), written: false });
});

test("the commands of its README pass on what was handed over, and each says so", () => {
  const said = followGuide(evidence);
  expect(said.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0]);
  expect(said.map(({ out }) => out.trim().split("\n").at(-1))).toEqual([
    "The files are those of SHA256SUMS.",
    "Every digest is signed.",
    "Every digest follows the one before it.",
    `${bucket}/${digestKey(2)}: OK`,
    "Every seal that a digest names is here, and no other.",
  ]);
  const { intact, complete, proven, toolVersion, checkedAt } = JSON.parse(
    readFileSync(join(evidence, "verification.json"), "utf8"),
  );
  expect({ intact, complete, proven }).toEqual({ intact: true, complete: true, proven: true });
  expect([toolVersion, checkedAt]).toEqual([expect.any(String), expect.stringMatching(/^\d{4}-/)]);
  expect(existsSync(join(evidence, "coverage.html"))).toBe(true);
});

test("they pass on a folder of one day, which has the whole chain, and miss its seal", async () => {
  const out = join(root, "evidence of a day");
  expect(await orgLogArchive([...asked(out), "--from", yesterday, "--account", account])).toMatchObject({ code: 0 });
  expect(followGuide(out).map(({ code }) => code)).toEqual([0, 0, 0, 0, 0]);
  expect(existsSync(join(out, bucket, sealKey(dayBefore, account, 1)))).toBe(false);
  rmSync(join(out, bucket, sealKey(yesterday, account, 1)));
  expect(followGuide(out)[4]).toMatchObject({ code: 1, out: expect.stringContaining(`seals/day=${yesterday}`) });
});

const blocks = ["handed over", "signed", "chain", "head", "seals"];
const edit =
  (file: string, ...[from, to]: readonly [string | RegExp, string]) =>
  (folder: string) => {
    const place = join(folder, bucket, file);
    const before = readFileSync(place, "utf8");
    writeFileSync(place, before.replace(from, to));
    expect(readFileSync(place, "utf8")).not.toBe(before);
  };

test.each<[string, (folder: string) => void, string[], string]>([
  ["a changed seal", edit(sealKey(yesterday, account, 1), '"at":"2026', '"at":"2025'), ["seals"], "named: "],
  ["a seal that was left out", without(sealKey(dayBefore, account, 1)), ["seals"], `seals/day=${dayBefore}`],
  ["a changed digest", edit(digestKey(2), '"startedAt":"2026', '"startedAt":"2025'), ["signed", "head"], "NOT SIGNED"],
  ["a digest without its signature", without(signatureKey(1)), ["signed"], `NOT SIGNED: ${bucket}/${digestKey(1)}`],
  [
    "the first digest left out, with its seal",
    without(digestKey(1), signatureKey(1), sealKey(yesterday, account, 1)),
    ["chain"],
    "BROKEN CHAIN",
  ],
  [
    "the newest digest left out, with all that it names",
    without(digestKey(2), signatureKey(2), leavesKey(2), ...secondSeals),
    ["head"],
    "FAILED open or read",
  ],
  [
    "what a digest names left out, with the seals",
    without(leavesKey(2), ...secondSeals),
    ["chain"],
    `NOT WHOLE: ${bucket}/${digestKey(2)}`,
  ],
  [
    "a shorter list of what a digest names",
    edit(leavesKey(2), /.*"list":"seals".*\n/, ""),
    ["chain", "seals"],
    "here: ",
  ],
  ["a bucket left out", (folder) => rmSync(join(folder, bucket), { recursive: true }), blocks.slice(1, 4), "FAILED"],
])("the commands of its README find %s, also where SHA256SUMS was made anew", (_name, change, finding, words) => {
  const found = (folder: string) => {
    const said = followGuide(folder);
    const texts = said.map(({ out }) => out).join("");
    return {
      by: blocks.filter((_block, index) => said[index]?.code !== 0),
      texts,
      closed: said.some(({ code }) => code < 0),
    };
  };
  const agreed = found(changed(change, "made anew"));
  expect(agreed).toEqual({ by: finding, texts: expect.stringContaining(words), closed: false });
  expect(found(changed(change, "as they were")).by).toEqual(["handed over", ...finding]);
});

test("it tells the verdict, and the hash that shows a change of any file", async () => {
  const out = join(root, "told");
  const { out: told } = await orgLogArchive([...asked(out), "--head", heads[0] ?? ""]);
  expect(told).toMatch(/^Intact: 4 account days/m);
  const [, sums] = /SHA256SUMS.*:\n {2}([0-9a-f]{64})$/m.exec(told) ?? [];
  expect(followGuide(out)[0]?.out).toMatch(new RegExp(`^${sums}  SHA256SUMS$`, "m"));
});

test("keys of the same file name are kept apart, and names are what a shell takes for one word", async () => {
  const other = mkdtempSync(join(root, "other keys "));
  writeFileSync(join(other, "key.pem"), signingKey().pem);
  writeFileSync(join(other, "it's a key.pem"), signingKey().pem);
  const out = join(root, "keys");
  const keys = ["key.pem", "it's a key.pem"].flatMap((name) => ["--public-key", join(other, name)]);
  expect(await orgLogArchive([...asked(out), ...keys])).toMatchObject({ code: 0 });
  expect(readdirSync(join(out, "public-keys")).sort()).toEqual(["it's a key.pem", "key-2.pem", "key.pem"]);
  expect(followGuide(out).map(({ code }) => code)).toEqual([0, 0, 0, 0, 0]);
});

test.each([
  ["there was none", (_out: string) => {}, false],
  ["it was empty", (out: string) => mkdirSync(out), true],
])("a folder that cannot be made whole is not left behind where %s", async (name, prepare, isThere) => {
  const out = join(root, `half ${name}`);
  prepare(out);
  const ended = await orgLogArchive([...asked(out), "--from", "2020-01-01", "--to", "2020-01-02"]);
  expect(ended).toMatchObject({ code: 3, err: expect.stringContaining("nothing in this range") });
  expect(existsSync(out)).toBe(isThere);
  expect(await orgLogArchive(asked(out))).toMatchObject({ code: 0 });
});

test("days of the period that no run covered are in its verdict, and it is incomplete", async () => {
  const out = join(root, "evidence of days without a run");
  const period = ["--from", "2026-11-16", "--to", yesterday, "--account", account];
  const given = ["--archive", archive, "--public-key", join(root, "key.pem"), ...period];
  const [{ code }, verified] = await Promise.all([
    orgLogArchive(["evidence", ...given, "--out", out]),
    orgLogArchive(["verify", ...given]),
  ]);
  expect([code, verified.code]).toEqual([1, 1]);
  const verification = JSON.parse(readFileSync(join(out, "verification.json"), "utf8"));
  expect(verification).toMatchObject({ intact: true, complete: false, accountDays: 4, notCovered: 2 });
  const guide = readFileSync(join(out, "README.md"), "utf8");
  expect(guide).toContain("**Verdict: intact, as far as it is archived.");
  expect(guide).toContain("| missing | 2 |");
  for (const text of [guide, verified.out]) expect(text).toContain("No run has covered 2 of 4 account days.");
});

test("evidence without a key, or into a folder that holds something, is refused", async () => {
  const without = await orgLogArchive(["evidence", "--archive", archive, "--out", join(root, "none")]);
  expect(without).toMatchObject({ code: 3, err: expect.stringContaining("--public-key is missing") });
  const again = await orgLogArchive([
    "evidence",
    "--archive",
    archive,
    "--public-key",
    join(root, "key.pem"),
    "--out",
    evidence,
  ]);
  expect(again).toMatchObject({ code: 3, err: expect.stringContaining("is not empty") });
});

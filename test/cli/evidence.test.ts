import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { headText } from "../../handlers/archive/digests";
import { FolderStore } from "../../handlers/archive/folder-store";
import { sealKey } from "../../handlers/archive/layout";
import { closeAll, emulate } from "../handlers/support/emulated";
import { account } from "../handlers/support/examples";
import { bucket, logGroup, world, yesterday } from "../handlers/support/organisation";
import { runOnce } from "../handlers/support/run";
import { keyOfRuns } from "../verify/support/sealed-archive";
import { orgLogArchive } from "./support/command";

/** What a reviewer takes home, checked as a reviewer would: with the commands of its own README. */

const root = mkdtempSync(join(tmpdir(), "org-log-archive-evidence-"));
const archive = join(root, "s3");
const evidence = join(root, "evidence");

beforeAll(async () => {
  const emulated = await emulate({ world: world([logGroup("/app/web")]) });
  const { signed } = await runOnce(emulated);
  const store = new FolderStore(archive, bucket);
  for (const { key, body } of emulated.cloud.s3.objects(bucket)) await store.putOnce(key, Buffer.from(body));
  writeFileSync(join(root, "key.pem"), keyOfRuns(emulated).pem);
  const head = ["--head", headText(signed.head), "--public-key", join(root, "key.pem")];
  const { code, err } = await orgLogArchive(["evidence", "--archive", archive, ...head, "--deep", "--out", evidence]);
  expect([code, err]).toEqual([0, expect.any(String)]);
});
afterAll(async () => {
  await closeAll();
  rmSync(root, { recursive: true, force: true });
});

/** Runs the commands of the folder's README, in order, as they stand there. */
function followGuide(folder: string): { code: number; out: string } {
  const blocks = [...readFileSync(join(folder, "README.md"), "utf8").matchAll(/```\n([\s\S]*?)\n```/g)];
  expect(blocks).toHaveLength(4);
  try {
    const script = blocks.map(([, commands]) => commands).join("\n");
    return {
      code: 0,
      out: execFileSync("/bin/sh", ["-e", "-c", script], { cwd: folder, encoding: "utf8", stdio: "pipe" }),
    };
  } catch (error) {
    const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string };
    return { code: status, out: `${stdout}${stderr}` };
  }
}

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

test("the commands of its README pass on what was handed over", () => {
  expect(followGuide(evidence)).toEqual({ code: 0, out: "" });
  const { intact, complete, proven, toolVersion, checkedAt } = JSON.parse(
    readFileSync(join(evidence, "verification.json"), "utf8"),
  );
  expect({ intact, complete, proven }).toEqual({ intact: true, complete: true, proven: true });
  expect([toolVersion, checkedAt]).toEqual([expect.any(String), expect.stringMatching(/^\d{4}-/)]);
  expect(existsSync(join(evidence, "coverage.html"))).toBe(true);
});

test.each([
  ["a seal", `${bucket}/${sealKey(yesterday, account, 1)}`, "NOT IN A DIGEST"],
  ["a digest", `${bucket}/digests/0000000001.json`, "NOT SIGNED"],
])("the commands of its README find %s that was changed, also where its hash was made anew", (_name, file, words) => {
  const forged = mkdtempSync(join(root, "forged-"));
  cpSync(evidence, forged, { recursive: true });
  const before = readFileSync(join(forged, file), "utf8");
  writeFileSync(
    join(forged, file),
    before.replace(/"at":"2026|"startedAt":"2026/, (text) => text.replace("2026", "2025")),
  );
  expect(followGuide(forged).out).toContain("FAILED");
  const sums = execFileSync("/bin/sh", ["-c", "find . -type f ! -name SHA256SUMS | sed 's#^./##' | xargs sha256sum"], {
    cwd: forged,
  });
  writeFileSync(join(forged, "SHA256SUMS"), sums);
  expect(followGuide(forged)).toMatchObject({ out: expect.stringContaining(words) });
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

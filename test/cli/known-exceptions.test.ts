import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readStatus } from "../../apps/cli/status/region-status";
import { FolderStore } from "../../handlers/archive/folder-store";
import { closeAll, emulate } from "../handlers/support/emulated";
import { account } from "../handlers/support/examples";
import { exportsEnd } from "../handlers/support/faults";
import { bucket, logGroup, world } from "../handlers/support/organisation";
import { runOnce } from "../handlers/support/run";
import { orgLogArchive } from "./support/command";

/** What a run was told to fail raises no alarm in what people watch; what a proof rests on, it does not become. */

const root = mkdtempSync(join(tmpdir(), "org-log-archive-known-"));
const archive = join(root, "s3");

beforeAll(async () => {
  const emulated = await emulate({ world: world([logGroup("/app"), logGroup("/broken")]) });
  emulated.rules.push(exportsEnd({ status: "FAILED", message: "no" }, "/broken"));
  await runOnce(emulated, {
    knownExceptions: [{ logGroup: "/broken", reason: "its key is gone", until: "2026-11-21" }],
  });
  const store = new FolderStore(archive, bucket);
  for (const { key, body } of emulated.cloud.s3.objects(bucket)) await store.putOnce(key, Buffer.from(body));
});
afterAll(async () => {
  await closeAll();
  rmSync(root, { recursive: true, force: true });
});

const ask = (...args: readonly string[]) => orgLogArchive([...args, "--archive", archive]);

test.each([["status"], ["status", "--report"], ["coverage"], ["coverage", "--log-group", "/broken"]])(
  "%s %s says what it is, and ends well",
  async (...args) => {
    const { code, out } = await ask(...args);
    expect(out).toMatch(/known exception|Failed as known/);
    expect(out).not.toContain("oldest open");
    expect(code).toBe(0);
  },
);

test("status counts it, and calls it open again on the day after", async () => {
  const store = new FolderStore(archive, bucket);
  const on = (day: string) => readStatus(store, undefined, Date.parse(`${day}T12:00:00Z`));
  const [held, over] = [await on("2026-11-21"), await on("2026-11-22")];
  expect(held).toMatchObject({ known: 1 });
  expect(held).not.toHaveProperty("oldest");
  expect(over).toMatchObject({ known: 0, oldest: { account, logGroup: "/broken" } });
});

test.each([
  ["verify", "--account", account],
  ["prove", "--account", account, "--log-group", "/broken", "--from", "2026-11-19"],
  ["why", account, "/broken", "2026-11-19"],
])("%s says that it is not archived, whatever was known", async (...args) => {
  const { code, out } = await ask(...args);
  expect(out.replaceAll(/\s+/g, " ")).toContain("known until 2026-11-21: its key is gone");
  expect(code).toBe(1);
});

import { closeAll, emulate } from "../../handlers/support/emulated";
import { bucket, logGroup, world } from "../../handlers/support/organisation";
import { runOnce } from "../../handlers/support/run";
import { orgLogArchive } from "../support/command";

/** `status` against a bucket. */

afterEach(closeAll);

test("a bucket is told of like a folder, and a throttled read is made again", async () => {
  const emulated = await emulate({ world: world([logGroup("/app/web")]) });
  await runOnce(emulated);
  let refused = 0;
  emulated.rules.push(({ operation }) => {
    if (operation !== "GetObject" || refused > 0) return undefined;
    refused += 1;
    return { kind: "error", name: "SlowDown", message: "Please reduce your request rate." };
  });
  const ended = await orgLogArchive(["status", "--bucket", bucket]);
  expect(ended).toMatchObject({ code: 1, err: "", out: expect.stringContaining("run run-1  complete") });
  // The run of 2026 is followed by none.
  expect(ended.out).toContain("no scheduled run since 2026-11-20 13:30Z: the next was to begin");
  expect(ended.out).toMatch(/^head: 1:[0-9a-f]{64}$/m);
  expect(refused).toBe(1);
});

import { closeAll, emulate } from "../../handlers/support/emulated";
import { account } from "../../handlers/support/examples";
import { bucket, logGroup, world, yesterday } from "../../handlers/support/organisation";
import { runOnce } from "../../handlers/support/run";
import { orgLogArchive } from "../support/command";

/** `why` against a bucket, as an operator runs it. */

afterEach(closeAll);

const args = ["why", account, "/app/web", yesterday, "--bucket", bucket];

test("a bucket tells the same story as a folder, and a throttled read is tried again", async () => {
  const emulated = await emulate({ world: world([logGroup("/app/web")]) });
  await runOnce(emulated);
  let refused = 0;
  emulated.rules.push(({ operation }) => {
    if (operation !== "GetObject" || refused > 0) return undefined;
    refused += 1;
    return { kind: "error", name: "SlowDown", message: "Please reduce your request rate." };
  });
  const ended = await orgLogArchive(args);
  expect(ended).toMatchObject({ code: 0, out: expect.stringContaining("exported, by receipt 1"), err: "" });
  expect(refused).toBe(1);
});

test.each([
  ["InvalidAccessKeyId", "AWS does not know these credentials"],
  ["NoSuchBucket", "There is no bucket of this name"],
])("a bucket that answers %s is no empty archive", async (name, sentence) => {
  const emulated = await emulate({ world: world([]) });
  emulated.rules.push(({ operation }) =>
    operation.startsWith("ListObject") ? { kind: "error", name, message: "no" } : undefined,
  );
  const ended = await orgLogArchive(args);
  expect(ended).toMatchObject({ code: 3, out: "", err: expect.stringContaining(sentence) });
  expect(ended.err).not.toContain("    at ");
});

import { createPublicKey } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FolderStore } from "../../handlers/archive/folder-store";
import { digestKey, headKey } from "../../handlers/archive/layout";
import { closeAll, type Emulated, emulate } from "../handlers/support/emulated";
import { bucket, logGroup, noonYesterday, signingKeyArn, stream, world } from "../handlers/support/organisation";
import { runOnce } from "../handlers/support/run";
import { orgLogArchive } from "./support/command";

/** The key that a verifier keeps, fetched from KMS on the wire, and an archive of real runs verified with it. */

const folder = mkdtempSync(join(tmpdir(), "org-log-archive-public-key-"));
const file = join(folder, "key.pem");
let emulated: Emulated;

beforeAll(async () => {
  const streams = [stream("web", noonYesterday)];
  emulated = await emulate({
    world: world([logGroup("/app/web", { streams }), logGroup("/app/quiet", { streams: [] })]),
  });
  await runOnce(emulated);
});
afterAll(async () => {
  await closeAll();
  rmSync(folder, { recursive: true, force: true });
});

test("the key that the newest digest names is fetched once, and verifies a copy of the archive without AWS", async () => {
  const fetched = await orgLogArchive(["public-key", "--bucket", bucket, "--out", file]);
  expect(fetched).toEqual({ code: 0, out: "", err: `${signingKeyArn}\n` });
  expect(createPublicKey(readFileSync(file, "utf8")).asymmetricKeyDetails).toEqual({ namedCurve: "prime256v1" });

  const copy = join(folder, "s3");
  const store = new FolderStore(copy, bucket);
  for (const { key, body } of emulated.cloud.s3.objects(bucket)) await store.putOnce(key, Buffer.from(body));
  const head = join(copy, bucket, headKey("run-1"));
  const offline = { AWS_ENDPOINT_URL: "http://127.0.0.1:9" };
  const verify = ["verify", "--archive", copy, "--deep", "--public-key", file, "--head", head];
  const verified = await orgLogArchive(verify, offline);
  expect(verified).toMatchObject({ code: 0, err: "" });
  expect(verified.out).toMatch(/\nIntact: \d+ account days, 1 object, \d+ B\.\n$/);
});

test("a key that is named is printed, and a file that is there is left alone", async () => {
  const { code, out } = await orgLogArchive(["public-key", "--key", signingKeyArn]);
  expect([code, out]).toEqual([0, readFileSync(file, "utf8")]);
  const before = readFileSync(file, "utf8");
  const refused = await orgLogArchive(["public-key", "--key", signingKeyArn, "--out", file]);
  expect(refused).toMatchObject({ code: 3, out: "", err: expect.stringContaining("is there already") });
  expect(readFileSync(file, "utf8")).toBe(before);
});

test("an archive without digests, one whose digest names no key, and a key that may not be read are each said", async () => {
  const empty = join(folder, "empty");
  await new FolderStore(empty, bucket).putOnce("receipts/x", "x");
  const none = await orgLogArchive(["public-key", "--archive", empty]);
  expect(none).toMatchObject({ code: 3, err: expect.stringContaining("has no digests yet") });

  const forged = JSON.parse(emulated.text(digestKey(1)));
  await new FolderStore(empty, bucket).putOnce(digestKey(1), JSON.stringify({ ...forged, keyArn: "\u001b[31mkey" }));
  const nameless = await orgLogArchive(["public-key", "--archive", empty]);
  expect(nameless).toMatchObject({ code: 3, err: expect.stringContaining("names \\u001b[31mkey as its key") });

  const wrong = await orgLogArchive(["public-key", "--key", "alias/org-log-archive-signing"]);
  expect(wrong).toMatchObject({ code: 3, err: expect.stringContaining("must be the ARN of a KMS key") });
  emulated.rules.push(({ operation }) =>
    operation === "GetPublicKey" ? { kind: "error", name: "AccessDeniedException", message: "no" } : undefined,
  );
  const denied = await orgLogArchive(["public-key", "--key", signingKeyArn]);
  expect(denied).toMatchObject({ code: 3, err: expect.stringContaining("may not read the public key") });
});

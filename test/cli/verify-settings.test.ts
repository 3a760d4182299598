import { closeAll, emulate } from "../handlers/support/emulated";
import { bucket, logGroup, noonYesterday, stream, world } from "../handlers/support/organisation";
import { runOnce } from "../handlers/support/run";
import { orgLogArchive } from "./support/command";

/** What `verify --bucket` says of a bucket that was deployed with all that keeps objects, and of one without. */

afterEach(closeAll);

const archived = world([logGroup("/app/web", { streams: [stream("web", noonYesterday)] })]);
const verify = async () => {
  const { out } = await orgLogArchive(["verify", "--bucket", bucket, "--json"]);
  const [result] = JSON.parse(out).buckets;
  return result.settings;
};

test("lock, expiry, transitions, encryption and access logs are stated as the bucket has them", async () => {
  const emulated = await emulate({ world: archived });
  await runOnce(emulated, {
    encryption: "kms",
    objectLock: { mode: "GOVERNANCE", days: 400 },
    lifecycle: { transition: { storageClass: "GLACIER_IR", afterDays: 90 }, expireAfterDays: 2557 },
    accessLogs: { expireAfterDays: 90 },
  });
  const settings = await verify();
  expect(settings).toMatchObject({
    versioning: "Enabled",
    objectLock: { mode: "GOVERNANCE", days: 400 },
    encryption: { algorithm: "aws:kms", keyArn: expect.stringContaining(":key/") },
    accessLogs: expect.stringContaining("access-logs"),
  });
  expect(settings.lifecycle).toContainEqual({
    id: "ExpireLogDataOfAccounts0",
    prefix: "0",
    expiresAfterDays: 2557,
    versionsExpireAfterDays: 90,
    movesTo: [],
  });
  expect(settings.lifecycle).toContainEqual({
    id: "MoveLogDataOfAccounts0",
    prefix: "0",
    movesTo: [{ storageClass: "GLACIER_IR", afterDays: 90 }],
  });
  const { out } = await orgLogArchive(["verify", "--bucket", bucket]);
  expect(out).toContain("  now   versioning Enabled; new objects are locked for 400 days (GOVERNANCE)");
  expect(out).toContain("objects change their storage class after 90 days; objects expire after 2557 days");
});

test("a bucket that keeps nothing on its own account says so", async () => {
  const emulated = await emulate({ world: archived });
  await runOnce(emulated);
  expect(await verify()).toMatchObject({
    versioning: "Enabled",
    objectLock: null,
    encryption: { algorithm: "AES256" },
    accessLogs: null,
  });
});

test("who may read the archive and not its settings is told so, and gets the rest", async () => {
  const emulated = await emulate({ world: archived });
  await runOnce(emulated);
  emulated.rules.push(({ operation }) =>
    operation === "GetObjectLockConfiguration" ? { kind: "error", name: "AccessDenied", message: "no" } : undefined,
  );
  const { out, code } = await orgLogArchive(["verify", "--bucket", bucket]);
  expect({ out, code }).toMatchObject({ out: expect.stringContaining("how it is set may not be read"), code: 0 });
});

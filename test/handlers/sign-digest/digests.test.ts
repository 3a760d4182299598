import { parseConfiguration } from "../../../constructs/configuration";
import { configurationSha256 } from "../../../constructs/configuration/fingerprint";
import { chainFaults } from "../../../handlers/archive/chain";
import { digestLink } from "../../../handlers/archive/digests";
import { sha256Hex } from "../../../handlers/archive/hashing";
import { accountListKey, headKey, reportKey } from "../../../handlers/archive/layout";
import type { Run } from "../../../handlers/contract/messages";
import { digestsOf } from "../support/digests";
import { closeAll, type Emulated, emulate } from "../support/emulated";
import { account, day, region } from "../support/examples";
import { HandlerCalls } from "../support/handler-calls";
import { bucket, configuration, logGroup, member, signingKeyArn, world, yesterday } from "../support/organisation";
import { runOnce } from "../support/run";

afterEach(closeAll);

const other = "300000000001";
const emulateOrganization = () =>
  emulate({ world: world([logGroup("/a"), logGroup("/b", { account: other })], [member(account), member(other)]) });

/** Every object of the archive that says something about it, with the hash of its bytes, but for the chain itself. */
function evidence(emulated: Emulated): Map<string, string> {
  const keys = ["seals/", "coverage/", "runs/"].flatMap((prefix) => emulated.keys(prefix));
  const bytes = (key: string) => emulated.cloud.s3.object(bucket, key)?.body ?? Buffer.alloc(0);
  return new Map(keys.filter((key) => !key.endsWith("/head.json")).map((key) => [key, sha256Hex(bytes(key))]));
}

/** What an account's execution does. */
async function exportAndSeal(emulated: Emulated, calls: HandlerCalls, run: Run, id: string): Promise<void> {
  let progress = await calls.planExports(run, id);
  while (progress.status !== "finished") {
    await emulated.clock.sleep(progress.waitSeconds * 1000);
    progress = await calls.step(run, progress.cursor, id);
  }
  await calls.recordCoverage(run, id);
  await calls.sealAccount(run, id);
}

function bound(emulated: Emulated): Map<string, string> {
  const objects = digestsOf(emulated).flatMap(({ digest, leaves }) => [
    digest.accounts,
    ...(digest.report ? [digest.report] : []),
    ...leaves.seals,
    ...leaves.coverage,
    ...leaves.records,
  ]);
  return new Map(objects.map(({ key, sha256 }) => [key, sha256]));
}

it("binds everything that a run left, by the hash of its bytes, and signs it", async () => {
  const emulated = await emulateOrganization();
  const { signed } = await runOnce(emulated);
  const [first, ...more] = digestsOf(emulated);
  expect(more).toEqual([]);
  expect(first?.isSigned).toBe(true);
  expect(first?.digest).toMatchObject({
    version: 1,
    sequence: 1,
    bucket,
    key: "digests/0000000001.json",
    region,
    runId: "run-1",
    previousSha256: null,
    accounts: { key: accountListKey("run-1") },
    report: { key: reportKey("run-1") },
    days: [yesterday],
    configurationSha256: configurationSha256(parseConfiguration(configuration)),
    codeSha256: expect.stringMatching(/^(?!0{64})[0-9a-f]{64}$/),
    keyArn: signingKeyArn,
  });
  expect(first?.leaves.seals.map(({ key }) => key)).toEqual(emulated.keys("seals/"));
  expect(first?.leaves.coverage.map(({ key }) => key)).toEqual(emulated.keys("coverage/"));
  expect(bound(emulated)).toEqual(evidence(emulated));
  expect(signed).toEqual({ digest: first?.key, head: { sequence: 1, sha256: first?.sha256 }, loss: null });
  expect(JSON.parse(emulated.text(headKey("run-1")))).toEqual({ version: 1, bucket, ...signed.head });
});

it("ends the run red where a digest is lost, however complete it is, and names what is lost until that is back", async () => {
  const emulated = await emulateOrganization();
  const { signed } = await runOnce(emulated);
  const lost = signed.digest;
  const marker = emulated.cloud.s3.delete(bucket, lost, undefined, emulated.clock.now());
  const cause = `${lost} (1:${signed.head.sha256}, run run-1)`;
  for (const [runId, sequence] of [
    ["run-2", 2],
    ["run-3", 3],
  ] as const) {
    const { execution, report, ...ended } = await runOnce(emulated, { runId });
    expect(report.status).toBe("complete");
    expect(ended.signed.head.sequence).toBe(sequence);
    expect(execution).toMatchObject({
      status: "FAILED",
      error: "DigestsAreLost",
      cause: expect.stringContaining(cause),
    });
  }
  emulated.cloud.s3.delete(bucket, lost, marker?.versionId, emulated.clock.now());
  expect((await runOnce(emulated, { runId: "run-4" })).execution.status).toBe("SUCCEEDED");
  const digests = digestsOf(emulated);
  expect(digests.map(({ digest, isSigned }) => [digest.runId, isSigned])).toEqual(
    ["run-1", "run-2", "run-3", "run-4"].map((runId) => [runId, true]),
  );
  expect(chainFaults(digests.map(digestLink))).toEqual([]);
});

it("asks KMS once a run, for the digest of the bytes as stored", async () => {
  const emulated = await emulateOrganization();
  await runOnce(emulated);
  const [call, ...more] = emulated.calls("Sign");
  expect(more).toEqual([]);
  const message = Buffer.from(String(call?.input.Message), "base64").toString("hex");
  expect(message).toBe(digestsOf(emulated)[0]?.sha256);
  expect(call?.input).toMatchObject({ MessageType: "DIGEST", SigningAlgorithm: "ECDSA_SHA_256" });
});

it("follows the digest before it, also for a run that found nothing", async () => {
  const emulated = await emulateOrganization();
  for (const runId of ["run-1", "run-2", "run-3"]) await runOnce(emulated, { runId });
  const digests = digestsOf(emulated);
  expect(digests.map(({ digest, isSigned }) => [digest.sequence, digest.runId, isSigned])).toEqual([
    [1, "run-1", true],
    [2, "run-2", true],
    [3, "run-3", true],
  ]);
  expect(chainFaults(digests.map(digestLink))).toEqual([]);
  expect(digests[2]?.leaves.seals).toEqual([]);
  expect(bound(emulated)).toEqual(evidence(emulated));
});

it("binds a run that is incomplete, and one without a report", async () => {
  const emulated = await emulateOrganization();
  emulated.closeAccount(account);
  const { report } = await runOnce(emulated);
  expect(report.status).toBe("incomplete");
  const fixture = new HandlerCalls(emulated, { runId: "run-2" });
  const run = await fixture.listAccounts();
  await exportAndSeal(emulated, fixture, run, other);
  await fixture.signDigest(run);
  expect(digestsOf(emulated).map(({ digest }) => digest.report?.key ?? null)).toEqual([reportKey("run-1"), null]);
  expect(bound(emulated)).toEqual(evidence(emulated));
});

it("moves what it names to an object beside it where that is much", async () => {
  const emulated = await emulateOrganization();
  for (let index = 0; index < 1_100; index += 1) emulated.put(`runs/run-1/outcomes/${account}/x-${index}.jsonl`, "");
  await runOnce(emulated);
  expect(emulated.keys("digests/")).toEqual([
    "digests/0000000001.json",
    "digests/0000000001.json.sig",
    "digests/0000000001.leaves.jsonl",
  ]);
  expect(bound(emulated)).toEqual(evidence(emulated));
});

describe("a run that ended without a digest", () => {
  /** A run that exports and seals, and of which the machine dies before it reports. */
  async function dead(emulated: Emulated, runId: string) {
    const fixture = new HandlerCalls(emulated, { runId });
    const run = await fixture.listAccounts();
    await exportAndSeal(emulated, fixture, run, account);
    return run;
  }

  it("gets one from the next run, once its own time is over", async () => {
    const emulated = await emulateOrganization();
    await dead(emulated, "run-1");
    await runOnce(emulated, { runId: "run-2" });
    expect(digestsOf(emulated).map(({ digest }) => digest.runId)).toEqual(["run-2"]);
    await emulated.clock.sleep(day);
    await runOnce(emulated, { runId: "run-3" });
    const digests = digestsOf(emulated);
    expect(digests.map(({ digest }) => [digest.runId, digest.report === null])).toEqual([
      ["run-2", false],
      ["run-1", true],
      ["run-3", false],
    ]);
    expect(chainFaults(digests.map(digestLink))).toEqual([]);
    expect(bound(emulated)).toEqual(evidence(emulated));
  });

  it("gets another one for what it leaves later, because it lives on", async () => {
    const emulated = await emulateOrganization();
    const run = await dead(emulated, "run-1");
    await emulated.clock.sleep(day);
    await runOnce(emulated, { runId: "run-2" });
    const late = new HandlerCalls(emulated, { runId: "run-1" });
    await late.reportRun(run);
    await late.signDigest(run);
    expect(digestsOf(emulated).map(({ digest }) => [digest.runId, digest.report === null])).toEqual([
      ["run-1", true],
      ["run-2", false],
      ["run-1", false],
    ]);
    expect(bound(emulated)).toEqual(evidence(emulated));
  });

  it("is left alone where it has expected nothing, or where what it expected cannot be read", async () => {
    const emulated = await emulateOrganization();
    emulated.put("runs/empty/plans/300000000000.json", "{}");
    emulated.put("runs/damaged/accounts.json", "{}");
    await runOnce(emulated);
    expect(digestsOf(emulated).map(({ digest }) => digest.runId)).toEqual(["run-1"]);
  });
});

it("signs a run once, however often it is asked to", async () => {
  const emulated = await emulateOrganization();
  const fixture = new HandlerCalls(emulated);
  const run = await fixture.listAccounts();
  await fixture.reportRun(run);
  const first = await fixture.signDigest(run);
  expect(await fixture.signDigest(run)).toEqual(first);
  expect(digestsOf(emulated)).toHaveLength(1);
  expect(emulated.calls("Sign")).toHaveLength(1);
});

import type { LiveResult } from "../../../../apps/cli/check/live-export/live-check";
import { judgeAll } from "../../../../apps/cli/check/live-export/live-checks";
import { observe } from "../../../../apps/cli/check/live-export/observe";
import { livePorts } from "../../../../apps/cli/check/live-export/ports";
import type { EmulatorOptions } from "../../../../apps/emulator";
import { parseConfiguration } from "../../../../constructs/configuration";
import { closeAll, type Emulated, emulate } from "../../../handlers/support/emulated";
import { account, day, hour, region } from "../../../handlers/support/examples";
import { exportsEnd, on, once } from "../../../handlers/support/faults";
import { bucket, configuration, logGroup, start, world } from "../../../handlers/support/organisation";
import { asOperator } from "../../support/deployment-file";

/** What `check --live-export` finds out of CloudWatch Logs, whichever of what is not documented is true of it. */

afterEach(closeAll);

type Group = Parameters<typeof logGroup>[1];
const at = start - 30 * hour;

/** A stream with an event before the last one, each ingested so long after it happened. */
function late(delayMs: number, ...times: readonly number[]) {
  const events = times.map((timestamp) => ({
    timestamp,
    ingestionTime: timestamp + delayMs,
    message: `at ${timestamp}`,
  }));
  return { name: "main", events };
}

async function organisation(group: Group, options: Partial<EmulatorOptions> = {}, deployed = {}): Promise<Emulated> {
  const emulated = await emulate({ world: world([logGroup("/a", group)]), ...options });
  emulated.deploy({ ...configuration, ...deployed });
  Object.assign(process.env, asOperator(emulated));
  return emulated;
}

async function answers(emulated: Emulated, deployed = {}) {
  const subject = { region, account, logGroup: "/a" };
  const told = { onTask: async () => {}, onLook: () => {} };
  const ports = livePorts(subject, parseConfiguration({ ...configuration, ...deployed }), emulated.source, told);
  const seen = await observe(ports);
  const results = judgeAll(seen);
  const of = (name: string): Pick<LiveResult, "status" | "says"> => {
    const found = results.find((result) => result.name === name);
    if (!found) throw new Error(`There is no check ${name}`);
    return { status: found.status, says: found.says };
  };
  return { seen, results, of };
}

const written = { streams: [late(1500, at - 5, at)] };

test.each(["AccessDeniedException", "InvalidParameterException"] as const)(
  "the rights that are demanded of the caller are told from those that are not, under the name %s",
  async (bucketDenial) => {
    const emulated = await organisation(written, { logs: { bucketDenial }, evaluatePolicies: true });
    const { of } = await answers(emulated);
    expect(of("caller-permissions")).toEqual({
      status: "settled",
      says: expect.stringMatching(
        new RegExp(`^s3:PutObject is demanded. Without it: ${bucketDenial}: .* s3:PutObjectAcl is demanded.`),
      ),
    });
    expect(of("source-organization")).toEqual({ status: "settled", says: expect.stringContaining("both") });
  },
);

test("a right that an export does without is told, too", async () => {
  const logs = { callerNeedsPutObjectAcl: false };
  const { of } = await answers(await organisation(written, { logs, evaluatePolicies: true }));
  expect(of("caller-permissions").says).toContain("s3:PutObjectAcl is not demanded.");
});

test.each([
  ["event-time", "By its own time.", "inclusive"],
  ["ingestion-time", "By the time of its ingestion.", "exclusive"],
] as const)("under the %s reading windows hold an event %s", async (windowReading, says, to) => {
  const emulated = await organisation(written, { logs: { windowReading } });
  const { of } = await answers(emulated);
  expect(of("window-time")).toEqual({ status: "settled", says });
  expect(of("window-from").says).toContain("inclusive");
  expect(of("window-to").says).toContain(to);
  expect(emulated.exportTasks().every((task) => task.to - task.from === 1)).toBe(true);
});

test("another event that is in the window is not taken for the one that is looked for", async () => {
  const other = { name: "other", events: [{ timestamp: at - hour, ingestionTime: at, message: "another" }] };
  const logs = { windowReading: "ingestion-time" } as const;
  const { seen, of } = await answers(await organisation({ streams: [late(1500, at), other] }, { logs }));
  expect(seen.exports[0]?.objects).toHaveLength(1);
  expect(of("window-time").says).toBe("By the time of its ingestion.");
});

test("objects that appear some time after their task has ended are waited for", async () => {
  const emulated = await organisation(written);
  emulated.rules.push(exportsEnd({ objectsAfterMs: 60_000 }));
  const { of } = await answers(emulated);
  expect(of("window-time").says).toBe("By its own time.");
  expect(of("empty-window").status).toBe("open");
});

test("where the event was ingested as it happened, the ends are settled, and the time is not", async () => {
  const logs = { windowReading: "ingestion-time" } as const;
  const { of } = await answers(await organisation({ streams: [late(0, at)] }, { logs }));
  expect(of("window-time").status).toBe("open");
  expect(of("window-from").says).toContain("inclusive");
  expect(of("window-to").says).toContain("exclusive");
});

test.each(["event-time", "ingestion-time"] as const)(
  "whether what is past its retention is still exported is found out under the %s reading",
  async (windowReading) => {
    const streams = [{ ...late(1500, start - 3 * day - 5 * hour), name: "old" }, late(1500, at)];
    const of = async (retentionDelayMs: number) => {
      const logs = { windowReading, retentionDelayMs };
      return (await answers(await organisation({ streams, retentionInDays: 3 }, { logs }))).of("retention");
    };
    expect(await of(72 * hour)).toEqual({ status: "settled", says: "5 hours after its retention it was exported." });
    expect(await of(0)).toEqual({ status: "settled", says: "5 hours after its retention it was not exported." });
  },
);

test.each([
  ["newest-first", "Newest first"],
  ["by-id", "In no order of time"],
] as const)("the order %s of export tasks is told as it is", async (exportTaskOrder, says) => {
  const emulated = await organisation(written, { logs: { exportTaskOrder } });
  for (let count = 0; count < 8; count += 1) {
    await emulated.exportByHand("/a", 1000);
    await emulated.clock.sleep(2000);
  }
  expect((await answers(emulated)).of("task-order").says).toMatch(new RegExp(`^${says}, of 10 tasks`));
});

test("an encrypted log group and an encrypted archive are exported through their keys, which the caller has to be allowed", async () => {
  const kms = { encryption: "kms" } as const;
  const kmsKeyId = `arn:aws:kms:${region}:${account}:key/of-the-group`;
  const emulated = await organisation({ ...written, kmsKeyId }, { evaluatePolicies: true }, kms);
  const { of } = await answers(emulated, kms);
  expect(of("kms-via-service").says).toContain("the log group's, through CloudWatch Logs; the archive's, through S3");
  expect(of("caller-permissions").says).toContain("kms:Decrypt is demanded.");
  expect(of("etag").says).toBe("It is not, of 2 objects (encryption: kms).");
});

test("ETags and versions are held against what lies in the bucket", async () => {
  const { of } = await answers(await organisation(written));
  expect(of("etag").says).toBe("It is, of 2 objects (encryption: s3).");
  expect(of("versions").says).toBe(
    "Every exported object has one version; aws-logs-write-test has 2 versions today, 2 of them by these exports.",
  );
});

test("of a bucket that keeps no versions none are counted", async () => {
  const emulated = await organisation(written);
  const { versioning: _, ...was } = emulated.cloud.s3.find(bucket) ?? { name: bucket, region, account };
  emulated.cloud.s3.createBucket(was);
  expect((await answers(emulated)).of("versions")).toEqual({ status: "open", says: "The bucket keeps no versions." });
});

test("a log group of Infrequent Access that is refused fails for its class, too", async () => {
  const emulated = await organisation({ ...written, logGroupClass: "INFREQUENT_ACCESS" });
  const message = "This operation is only supported on the Standard log class";
  emulated.rules.push(on("CreateExportTask", { kind: "error", name: "ValidationException", message }));
  const { of } = await answers(emulated);
  expect(of("log-class")).toEqual({ status: "failed", says: `ValidationException: ${message}` });
});

test("a log group of Infrequent Access that is exported settles that it can be", async () => {
  const { of } = await answers(await organisation({ ...written, logGroupClass: "INFREQUENT_ACCESS" }));
  expect(of("log-class")).toEqual({ status: "settled", says: "They can, and their events were exported." });
});

test("an empty log group settles what an export without events writes, and of windows nothing", async () => {
  const emulated = await organisation({ streams: [] });
  const { of } = await answers(emulated);
  expect(of("empty-window").says).toMatch(/^COMPLETED after .* and wrote aws-logs-write-test alone\.$/);
  expect(of("window-to").status).toBe("open");
  expect(of("source-organization").status).toBe("settled");
  expect(emulated.exportTasks()).toHaveLength(1);
});

test.each([
  [
    "caller",
    "caller-permissions",
    "Please ensure that the CreateExportTask caller has been granted s3:PutObject access to the bucket.",
  ],
  [
    "bucket",
    "source-organization",
    "GetBucketAcl call on the given bucket failed. Please check if CloudWatch Logs has been granted permission.",
  ],
  ["key", "kms-via-service", "The KMS key is not accessible."],
  ["log-group", "export", "This operation is only supported on the Standard log class"],
])("a refusal of the %s fails %s alone, and leaves the rest open", async (kind, name, message) => {
  const emulated = await organisation(written);
  emulated.rules.push(on("CreateExportTask", { kind: "error", name: "AccessDeniedException", message }));
  const { seen, results } = await answers(emulated);
  expect(seen.ending).toEqual({ kind, said: `AccessDeniedException: ${message}` });
  expect(results.filter(({ status }) => status === "failed").map((result) => result.name)).toEqual([name]);
  expect(results.filter(({ status }) => status === "settled")).toEqual([]);
});

test("a task that fails by the bucket is the same as a refusal", async () => {
  const emulated = await organisation(written);
  const message = "PutObject call on the given bucket failed.";
  emulated.rules.push(exportsEnd({ status: "FAILED", message }));
  const { of } = await answers(emulated);
  expect(of("source-organization")).toEqual({ status: "failed", says: `FAILED: ${message}` });
});

test("a task of the account's own is not waited for, and nothing is created or cancelled", async () => {
  const emulated = await organisation(written);
  const task = await emulated.exportByHand("/a", hour);
  await expect(answers(emulated)).rejects.toMatchObject({
    name: "SlotHeld",
    message: expect.stringContaining(task.id),
  });
  expect(emulated.calls("CreateExportTask")).toHaveLength(1);
  expect(emulated.calls("CancelExportTask")).toEqual([]);
});

test("another's task that takes the slot between two exports ends it, with what was settled until then", async () => {
  const emulated = await organisation(written);
  let created = 0;
  emulated.rules.push((call) => {
    if (call.operation !== "CreateExportTask" || ++created !== 2) return undefined;
    void emulated.exportByHand("/b", hour);
    return { kind: "error", name: "LimitExceededException", message: "Resource limit exceeded." };
  });
  emulated.cloud.logs.groups.put(logGroup("/b"));
  const { seen, of } = await answers(emulated);
  expect(seen.ending).toEqual({ kind: "slot-taken", said: expect.stringContaining("of log group /b") });
  expect(of("export").status).toBe("settled");
  expect(emulated.calls("CancelExportTask")).toEqual([]);
});

test("a task whose creation was not answered is found by its name, and not created again", async () => {
  const emulated = await organisation(written);
  emulated.rules.push(once(on("CreateExportTask", { kind: "drop-after" })));
  const { of } = await answers(emulated);
  expect(of("export").status).toBe("settled");
  expect(emulated.exportTasks()).toHaveLength(2);
});

test("throttled calls are made again", async () => {
  const emulated = await organisation(written);
  for (const operation of ["CreateExportTask", "DescribeExportTasks", "DescribeLogStreams", "AssumeRole"])
    emulated.rules.push(once(on(operation, { kind: "error", name: "ThrottlingException", message: "Rate exceeded" })));
  expect((await answers(emulated)).of("export").status).toBe("settled");
});

test("a task that does not end is left alone after half an hour, and said", async () => {
  const emulated = await organisation(written);
  emulated.rules.push(exportsEnd({ durationMs: 20 * hour }));
  const { seen } = await answers(emulated);
  expect(seen.ending).toEqual({ kind: "no-end", said: expect.stringContaining("not ended within 30 minutes") });
  expect(emulated.calls("CancelExportTask")).toEqual([]);
});

test("what is written lies below the account's folder of the day, by names that no run takes for its own", async () => {
  const emulated = await organisation(written);
  await answers(emulated);
  for (const { name, destinationPrefix } of emulated.exportTasks()) {
    expect(destinationPrefix).toBe(`${account}/2026-11-20`);
    expect(name).not.toMatch(/^org-log-archive\//);
  }
  const inBucket = [...emulated.cloud.s3.objects(bucket, "")].map(({ key }) => key);
  expect(inBucket.every((key) => key.startsWith(`${account}/2026-11-20/`))).toBe(true);
});

test("a log group that is not there is said, with the option to correct", async () => {
  const emulated = await emulate({ world: world([logGroup("/ab")]) });
  emulated.deploy(configuration);
  Object.assign(process.env, asOperator(emulated));
  await expect(answers(emulated)).rejects.toThrow(/has no log group \/a in .*--live-export/);
});

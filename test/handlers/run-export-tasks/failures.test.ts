import { closeAll, type Emulated, emulate } from "../support/emulated";
import { exportsEnd, on, times } from "../support/faults";
import { logGroup, noonYesterday, stream, world } from "../support/organisation";
import { runOnce } from "../support/run";

afterEach(closeAll);

const emulateAccount = () => emulate({ world: world([logGroup("/a"), logGroup("/b")]) });
const of = (emulated: Emulated, name: string) => emulated.coverage().findLast(({ logGroup }) => logGroup === name);
const tasksOf = (emulated: Emulated, name: string) => emulated.exportTasks().filter(({ group }) => group === name);

it("tries an export task that failed again", async () => {
  const emulated = await emulateAccount();
  emulated.rules.push(times(2, exportsEnd({ status: "FAILED" }, "/a")));
  const { report } = await runOnce(emulated);
  expect(report).toMatchObject({ status: "complete", exported: 2 });
  const [receipt] = emulated.receipts().filter(({ logGroup }) => logGroup === "/a");
  expect(receipt?.tasks.map(({ taskId }) => taskId)).toEqual([tasksOf(emulated, "/a")[2]?.id]);
});

it.each([
  ["FAILED", "export-task-failed"],
  ["CANCELLED", "export-task-cancelled"],
] as const)("leaves a log group to the next run after three tasks that end %s, and goes on", async (status, reason) => {
  const emulated = await emulateAccount();
  emulated.rules.push(exportsEnd({ status }, "/a"));
  const { report, accounts } = await runOnce(emulated);
  expect(report).toMatchObject({ status: "incomplete", exported: 1, failed: 1 });
  expect(accounts[0]?.outcome.status).toBe("failed");
  const tasks = tasksOf(emulated, "/a");
  expect(tasks).toHaveLength(3);
  expect(of(emulated, "/a")?.reason).toMatch(new RegExp(`^${reason}: export task ${tasks[2]?.id}`));
  expect(emulated.receipts()).toMatchObject([{ logGroup: "/b" }]);
  emulated.rules.length = 0;
  await runOnce(emulated, { runId: "run-2" });
  expect(of(emulated, "/a")).toMatchObject({ outcome: "exported" });
});

it("skips a log group for good if a stream's name makes a key that S3 refuses", async () => {
  const long = logGroup("/a", { streams: [stream("日".repeat(400), noonYesterday)] });
  const emulated = await emulate({ world: world([long, logGroup("/b")]) });
  const { report } = await runOnce(emulated);
  expect(report).toMatchObject({ status: "complete", exported: 1 });
  expect(of(emulated, "/a")).toMatchObject({ outcome: "skipped", reason: "key-too-long: 1271 bytes" });
  await runOnce(emulated, { runId: "run-2" });
  expect(tasksOf(emulated, "/a")).toHaveLength(3);
});

it.each(["AccessDeniedException", "InvalidParameterException"] as const)(
  "stops an account whose bucket permission is missing, which has been seen as %s",
  async (bucketDenial) => {
    const authorize = ({ action, principal }: { action: string; principal: { kind: string } }) =>
      action === "s3:GetBucketAcl" && principal.kind === "service" ? { deny: "no policy allows it" } : "allow";
    const emulated = await emulate({
      world: world([logGroup("/a"), logGroup("/b")]),
      logs: { bucketDenial },
      authorize,
    });
    await runOnce(emulated);
    expect(emulated.calls("CreateExportTask")).toHaveLength(1);
    for (const name of ["/a", "/b"])
      expect(of(emulated, name)?.reason).toMatch(/^bucket-permission: GetBucketAcl call on the given bucket failed/);
  },
);

it("stops an account whose member role may not write to the bucket, and says that it is the role", async () => {
  const authorize = ({ call, action }: { call: { operation: string }; action: string }) =>
    call.operation === "CreateExportTask" && action === "s3:PutObject" ? { deny: "an SCP" } : ("allow" as const);
  const emulated = await emulate({ world: world([logGroup("/a"), logGroup("/b")]), authorize });
  await runOnce(emulated);
  for (const name of ["/a", "/b"]) expect(of(emulated, name)?.reason).toMatch(/^caller-bucket-permission: /);
});

it("goes on when one look at a task is denied, and stops the account when all are", async () => {
  const denial = on("DescribeExportTasks", { kind: "error", name: "AccessDeniedException", message: "An SCP" });
  const emulated = await emulateAccount();
  emulated.rules.push(times(1, (call) => (call.input.taskId ? denial(call) : undefined)));
  const { report } = await runOnce(emulated);
  expect(report).toMatchObject({ status: "complete", exported: 2 });
  await closeAll();

  const denied = await emulateAccount();
  denied.rules.push(denial);
  await runOnce(denied);
  for (const name of ["/a", "/b"]) expect(of(denied, name)?.reason).toBe("access-denied: An SCP");
});

it("stops an account whose tasks fail for want of the bucket's permission", async () => {
  const emulated = await emulateAccount();
  emulated.rules.push(exportsEnd({ status: "FAILED", message: "PutObject call on the given bucket failed." }));
  await runOnce(emulated);
  expect(emulated.exportTasks()).toHaveLength(1);
  expect(of(emulated, "/b")?.reason).toMatch(/^bucket-permission/);
});

it("goes on past a log group whose key refuses", async () => {
  const authorize = ({ action }: { action: string }) => (action === "kms:Decrypt" ? { deny: "kms:Decrypt" } : "allow");
  const kmsKeyId = "arn:aws:kms:eu-central-1:300000000000:key/1";
  const emulated = await emulate({ world: world([logGroup("/a", { kmsKeyId }), logGroup("/b")]), authorize });
  await runOnce(emulated);
  expect(of(emulated, "/a")?.reason).toMatch(/^key-access-denied/);
  expect(of(emulated, "/b")?.outcome).toBe("exported");
});

it.each(["DescribeLogStreams", "CreateExportTask"])(
  "goes on past a log group for which %s is denied",
  async (operation) => {
    const emulated = await emulateAccount();
    const message =
      "User: x is not authorized to perform: logs:Y on resource: arn:aws:logs:eu-central-1:3:log-group:/a";
    const denial = { kind: "error", name: "AccessDeniedException", message } as const;
    emulated.rules.push(on(operation, denial, ({ input }) => input.logGroupName === "/a"));
    await runOnce(emulated);
    expect(of(emulated, "/a")?.reason).toBe(`access-denied: ${message}`);
    expect(of(emulated, "/b")?.outcome).toBe("exported");
  },
);

import { deniedBy, ExportSlot } from "../../../handlers/clients/export-slot";
import { closeAll, emulate } from "../support/emulated";
import { account, region } from "../support/examples";
import { on, times } from "../support/faults";
import { bucket, logGroup, start, world, yesterday } from "../support/organisation";

afterEach(closeAll);

const request = {
  taskName: "org-log-archive/test",
  logGroup: "/a",
  from: Date.UTC(2026, 10, 19),
  to: Date.UTC(2026, 10, 20),
  bucket,
  destinationPrefix: `${account}/${yesterday}`,
};

async function emulateSlot() {
  const emulated = await emulate({ world: world([logGroup("/a")]) });
  const slot = new ExportSlot(region, emulated.credentials(account), emulated.source);
  return { emulated, slot };
}

it("creates an export task with every parameter", async () => {
  const { emulated, slot } = await emulateSlot();
  const taskId = await slot.create(request);
  const { taskName: name, logGroup: group, from, to, destinationPrefix } = request;
  const expected = { id: taskId, name, group, from, to, destination: bucket, destinationPrefix, account, region };
  expect(emulated.exportTasks()).toMatchObject([expected]);
});

it.each([
  ["drop-before", { kind: "drop-before" }],
  ["drop-after", { kind: "drop-after" }],
  ["an internal error", { kind: "error", name: "InternalFailure", status: 500 }],
  ["ServiceUnavailableException", { kind: "error", name: "ServiceUnavailableException", status: 503 }],
  ["OperationAbortedException", { kind: "error", name: "OperationAbortedException" }],
] as const)("does not know what came of a call after %s, and never repeats it", async (_, fault) => {
  const { emulated, slot } = await emulateSlot();
  emulated.rules.push(on("CreateExportTask", fault));
  await expect(slot.create(request)).rejects.toMatchObject({ name: "OutcomeUnknown", cause: expect.any(Error) });
  expect(emulated.calls("CreateExportTask")).toHaveLength(1);
});

it("repeats a call that was throttled, on the injected clock: throttled means that nothing was created", async () => {
  const { emulated, slot } = await emulateSlot();
  emulated.rules.push(times(2, on("CreateExportTask", { kind: "error", name: "ThrottlingException" })));
  await slot.create(request);
  expect(emulated.exportTasks()).toHaveLength(1);
  expect(emulated.clock.now()).toBeGreaterThan(start);
});

it("says that the slot is taken, at once", async () => {
  const { emulated, slot } = await emulateSlot();
  await emulated.exportByHand("/a", 60_000);
  await expect(slot.create(request)).rejects.toMatchObject({ name: "SlotTaken" });
  expect(emulated.clock.now()).toBe(start);
});

it.each([
  ["ResourceNotFoundException", "The specified log group does not exist.", "LogGroupNotFound"],
  ["InvalidParameterException", "GetBucketAcl call on the given bucket failed.", "BucketPermissionDenied"],
  ["AccessDeniedException", "GetBucketAcl call on the given bucket failed.", "BucketPermissionDenied"],
  [
    "InvalidParameterException",
    "Please ensure that the CreateExportTask caller has been granted s3:PutObject access to the bucket.",
    "CallerPermissionDenied",
  ],
  [
    "AccessDeniedException",
    "User: x is not authorized to perform: s3:PutObject on resource: y",
    "CallerPermissionDenied",
  ],
  ["AccessDeniedException", "User: x is not authorized to perform: kms:Decrypt on resource: y", "KeyAccessDenied"],
  [
    "AccessDeniedException",
    "User: x is not authorized to perform: logs:CreateExportTask on resource: y",
    "LogGroupDenied",
  ],
  ["InvalidParameterException", "The specified time range is invalid.", "LogGroupRefused"],
  ["ValidationException", "This operation is only supported on the Standard log class", "LogGroupRefused"],
  ["InvalidOperationException", "x is not supported for this log class", "LogGroupRefused"],
  ["SomethingNew", "", "LogGroupRefused"],
  ["UnrecognizedClientException", "The security token included in the request is invalid.", "RegionNotEnabled"],
])("tells from %s with the words %j that it is %s", async (name, message, expected) => {
  const { emulated, slot } = await emulateSlot();
  emulated.rules.push(on("CreateExportTask", { kind: "error", name, message }));
  await expect(slot.create(request)).rejects.toMatchObject({ name: expected });
  expect(emulated.calls("CreateExportTask")).toHaveLength(1);
});

it.each(["/app/PutObject", "/aws/kms/audit", "/KMS"])(
  "does not take the log group's name %s for what was denied",
  (name) => {
    const message = `User: x is not authorized to perform: logs:CreateExportTask on resource: arn:aws:logs:r:1:log-group:${name}`;
    expect(deniedBy(message, name)).toBeUndefined();
  },
);

it("lets errors pass that mean something else, such as credentials that have expired", async () => {
  const { emulated, slot } = await emulateSlot();
  emulated.rules.push(on("CreateExportTask", { kind: "error", name: "ExpiredTokenException" }));
  await expect(slot.create(request)).rejects.toMatchObject({ name: "ExpiredTokenException" });
});

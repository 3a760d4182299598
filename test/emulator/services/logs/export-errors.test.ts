import { CancelExportTaskCommand, DescribeExportTasksCommand } from "@aws-sdk/client-cloudwatch-logs";
import type { AccessRequest, Authorization, EmulatorOptions, Fault } from "../../../../apps/emulator";
import { closeAll, createdAt, day, type Emulated, emulate, logGroup, region, world } from "../../support/organisation";
import { createExportTask } from "./exports";

/** Every error of the three operations on export tasks, as AWS names and words it. */

afterEach(closeAll);

type Attempt = (emulated: Emulated) => Promise<unknown>;

const create =
  (change: Parameters<typeof createExportTask>[0] = {}): Attempt =>
  ({ logs }) =>
    logs().send(createExportTask(change));
const describeTasks: Attempt = ({ logs }) => logs().send(new DescribeExportTasksCommand({}));
const cancel: Attempt = ({ logs }) => logs().send(new CancelExportTaskCommand({ taskId: "nothing" }));

const six =
  (operation: Attempt): Attempt =>
  (emulated) =>
    Promise.all(Array.from({ length: 6 }, () => operation(emulated).catch((error: unknown) => error))).then((answers) =>
      Promise.reject(answers.find((answer) => answer instanceof Error && answer.name === "ThrottlingException")),
    );

const denying =
  (action: string, principal?: "service") =>
  (asked: AccessRequest): Authorization =>
    asked.action === action && (principal === undefined || asked.principal.kind === principal)
      ? { deny: `no policy allows the ${action} action` }
      : "allow";

const injected = (fault: Fault): Partial<EmulatorOptions> => ({ faults: () => fault });
const denied = (
  bucketDenial: NonNullable<NonNullable<EmulatorOptions["logs"]>["bucketDenial"]>,
  action: string,
): Partial<EmulatorOptions> => ({
  logs: { bucketDenial },
  authorize: denying(action, "service"),
});
const failedCall = (operation: string) =>
  `${operation} call on the given bucket failed. Please check if CloudWatch Logs has been granted permission to perform this operation.`;
const kmsKeyId = `arn:aws:kms:${region}:300000000000:key/1`;
const encrypted = { world: world([logGroup("/app/web", { kmsKeyId })]) };

interface Row {
  readonly what: string;
  readonly name: string;
  readonly message: string | RegExp;
  readonly attempt: Attempt;
  readonly options?: Partial<EmulatorOptions>;
}

const byState: readonly Row[] = [
  {
    what: "the slot is taken",
    name: "LimitExceededException",
    message: "Resource limit exceeded.",
    attempt: async (emulated) => {
      await create()(emulated);
      return create()(emulated);
    },
  },
  {
    what: "the log group is not there",
    name: "ResourceNotFoundException",
    message: "The specified log group does not exist.",
    attempt: create({ logGroupName: "/nowhere" }),
  },
  {
    what: "a parameter is out of its bounds",
    name: "InvalidParameterException",
    message: /logGroupName/,
    attempt: create({ logGroupName: "/app/w:b" }),
  },
  {
    what: "from is later than to",
    name: "InvalidParameterException",
    message: /from is later than to/,
    attempt: create({ from: day.to, to: day.from }),
  },
  {
    what: "to is earlier than the log group",
    name: "InvalidParameterException",
    message: /earlier than the log group's creation time/,
    attempt: create({ from: 0, to: createdAt - 1 }),
  },
  {
    what: "the bucket is not there",
    name: "InvalidParameterException",
    message: /given bucket does not exist/,
    attempt: create({ destination: "nowhere" }),
  },
  ...(["AccessDeniedException", "InvalidParameterException"] as const).flatMap((name) =>
    ["GetBucketAcl", "PutObject"].map((operation) => ({
      what: `CloudWatch Logs lacks s3:${operation} (as ${name})`,
      name,
      message: failedCall(operation),
      attempt: create(),
      options: denied(name, `s3:${operation}`),
    })),
  ),
  {
    what: "the caller lacks s3:PutObject",
    name: "AccessDeniedException",
    message: "Please ensure that the CreateExportTask caller has been granted s3:PutObject access to the bucket.",
    attempt: create(),
    options: { authorize: denying("s3:PutObject") },
  },
  {
    what: "the caller lacks the log group's key",
    name: "AccessDeniedException",
    message: /is not authorized to perform: kms:Decrypt on resource: .*key\/1/,
    attempt: create(),
    options: { ...encrypted, authorize: denying("kms:Decrypt") },
  },
  {
    what: "the caller lacks logs:CreateExportTask",
    name: "AccessDeniedException",
    message: /is not authorized to perform: logs:CreateExportTask/,
    attempt: create(),
    options: { authorize: denying("logs:CreateExportTask") },
  },
  ...[create(), describeTasks, cancel].map((operation, index) => ({
    what: `more than five requests come in a second (${["Create", "Describe", "Cancel"][index]})`,
    name: "ThrottlingException",
    message: "Rate exceeded",
    attempt: six(operation),
  })),
  {
    what: "a description is asked for by id and by status",
    name: "InvalidParameterException",
    message: /Only one of taskId and statusCode/,
    attempt: ({ logs }) => logs().send(new DescribeExportTasksCommand({ taskId: "a", statusCode: "FAILED" })),
  },
  {
    what: "the page token is none",
    name: "InvalidParameterException",
    message: "The specified nextToken is invalid.",
    attempt: ({ logs }) => logs().send(new DescribeExportTasksCommand({ nextToken: "none" })),
  },
  {
    what: "the task to cancel is not there",
    name: "ResourceNotFoundException",
    message: "The specified export task does not exist.",
    attempt: cancel,
  },
  {
    what: "the task to cancel has ended",
    name: "InvalidOperationException",
    message: "Export task is in state COMPLETED.",
    attempt: async ({ logs, clock }) => {
      const { taskId } = await logs().send(createExportTask());
      clock.advance(3_600_000);
      return logs().send(new CancelExportTaskCommand({ taskId }));
    },
  },
];

it.each(byState)("answers $name when $what", async ({ name, message, attempt, options }) => {
  const emulated = await emulate(options);
  const words = typeof message === "string" ? message : expect.stringMatching(message);
  await expect(attempt(emulated)).rejects.toMatchObject({ name, message: words });
});

it.each([
  ["OperationAbortedException", "Multiple concurrent requests to update the same resource were in conflict.", 400],
  ["ResourceAlreadyExistsException", "The specified resource already exists.", 400],
  ["ServiceUnavailableException", "The service cannot complete the request.", 500],
  ["ThrottlingException", "Rate exceeded", 400],
  ["LimitExceededException", "Resource limit exceeded.", 400],
] as const)("answers %s in AWS's words when a fault names it", async (name, message, httpStatusCode) => {
  const emulated = await emulate(injected({ kind: "error", name }));
  await expect(create()(emulated)).rejects.toMatchObject({ name, message, $metadata: { httpStatusCode } });
});

it.each([
  ["the log group's deletion", "The log group was deleted."],
  ["the bucket's", "The bucket does not exist."],
])("lets a running task fail after %s, with a message", async (what, message) => {
  const { logs, cloud, clock } = await emulate();
  const { taskId } = await logs().send(createExportTask());
  const [task] = cloud.logs.exportTasks();
  if (what.includes("log group")) cloud.logs.groups.delete(task?.account ?? "", region, "/app/web");
  else jest.spyOn(cloud.s3, "find").mockReturnValue(undefined);
  clock.advance(60_000);
  const { exportTasks } = await logs().send(new DescribeExportTasksCommand({ taskId }));
  expect(exportTasks?.[0]?.status).toEqual({ code: "FAILED", message });
});

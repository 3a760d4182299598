import { CancelExportTaskCommand, DescribeExportTasksCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  archive,
  bucket,
  closeAll,
  createdAt,
  day,
  emulate,
  event,
  logGroup,
  member,
  region,
  world,
} from "../../support/organisation";
import { createExportTask, destinationPrefix, errorName, objectsOf, status } from "./exports";

afterEach(closeAll);

it("has one slot in an account and Region, free again when the task has ended", async () => {
  const { logs, clock } = await emulate();
  const client = logs();
  await client.send(createExportTask());
  await expect(client.send(createExportTask())).rejects.toMatchObject({
    name: "LimitExceededException",
    message: "Resource limit exceeded.",
  });
  clock.advance(60_000);
  expect(await errorName(client.send(createExportTask()))).toBe("no error");
});

it("gives two requests at the same time one slot", async () => {
  const { logs } = await emulate();
  const client = logs();
  const names = await Promise.all([
    errorName(client.send(createExportTask())),
    errorName(client.send(createExportTask())),
  ]);
  expect(names.sort()).toEqual(["LimitExceededException", "no error"]);
});

it("has a slot for every Region and account", async () => {
  const { logs, cloud } = await emulate({
    world: world([logGroup("/app/web"), logGroup("/app/web", { account: archive })]),
  });
  await logs().send(createExportTask());
  await logs(archive).send(createExportTask({ destinationPrefix: `${archive}/2026-11-19` }));
  expect(cloud.logs.exportTasks().map(({ account }) => account)).toEqual([member, archive]);
});

it("brings a task from PENDING over RUNNING to COMPLETED", async () => {
  const { logs, clock } = await emulate();
  const { taskId } = await logs().send(createExportTask());
  const seen = [await status(logs(), taskId)];
  for (const step of [500, 60_000]) {
    clock.advance(step);
    seen.push(await status(logs(), taskId));
  }
  expect(seen).toEqual(["PENDING", "RUNNING", "COMPLETED"]);
});

it("lists a task as late as it is told to, though the task holds the slot", async () => {
  const { logs, clock } = await emulate({ logs: { exportTaskListingDelayMs: 500 } });
  const { taskId } = await logs().send(createExportTask());
  clock.advance(499);
  expect(await status(logs(), taskId)).toBeUndefined();
  clock.advance(1);
  expect(await status(logs(), taskId)).toBe("RUNNING");
});

it("lists tasks in an order that tells nothing, if it is told to", async () => {
  const { logs, clock } = await emulate({ logs: { exportTaskOrder: "by-id" } });
  const ids: (string | undefined)[] = [];
  for (let index = 0; index < 6; index += 1) {
    ids.push((await logs().send(createExportTask())).taskId);
    clock.advance(60_000);
  }
  const { exportTasks } = await logs().send(new DescribeExportTasksCommand({}));
  const listed = exportTasks?.map((task) => task.taskId);
  expect(listed).toEqual([...ids].sort());
  expect(listed).not.toEqual([...ids].reverse());
});

it("takes longer for more data", async () => {
  const streams = [{ name: "main", events: [event(day.from, "x".repeat(4096))] }];
  const { logs, clock } = await emulate({
    world: world([logGroup("/app/web", { streams })]),
    logs: { exportBytesPerSecond: 8 },
  });
  const { taskId } = await logs().send(createExportTask());
  clock.advance(500_000);
  expect(await status(logs(), taskId)).toBe("RUNNING");
  clock.advance(60_000);
  expect(await status(logs(), taskId)).toBe("COMPLETED");
});

it("writes the test object at once, and nothing else for an empty window", async () => {
  const { logs, clock, cloud } = await emulate();
  await logs().send(createExportTask({ from: day.to + 1, to: day.to + 2 }));
  const keys = (): string[] => [...cloud.s3.objects(bucket)].map(({ key, body }) => `${key}: ${body}`);
  expect(keys()).toEqual([`${destinationPrefix}/aws-logs-write-test: Permission Check Successful`]);
  clock.advance(60_000);
  cloud.catchUp();
  expect(keys()).toHaveLength(1);
  expect(cloud.logs.exportTasks()[0]?.status).toBe("COMPLETED");
});

it.each([
  ["an unknown log group", { logGroupName: "/nowhere" }, "ResourceNotFoundException"],
  ["a window that ends before the group was created", { from: 0, to: createdAt - 1 }, "InvalidParameterException"],
  ["a window that ends before it begins", { from: day.to, to: day.from }, "InvalidParameterException"],
  ["a group of class DELIVERY", { logGroupName: "/delivery" }, "InvalidParameterException"],
  ["a bucket that does not exist", { destination: "nowhere" }, "InvalidParameterException"],
  ["a bucket in another Region", { destination: "far-away" }, "InvalidParameterException"],
])("refuses %s", async (_case, change, name) => {
  const groups = [logGroup("/app/web"), logGroup("/delivery", { logGroupClass: "DELIVERY" })];
  const { logs, cloud } = await emulate({ world: world(groups) });
  cloud.s3.createBucket({ name: "far-away", region: "us-east-1", account: archive });
  expect(await errorName(logs().send(createExportTask(change)))).toBe(name);
});

it.each(["AccessDeniedException", "InvalidParameterException"] as const)(
  "says with %s that CloudWatch Logs may not use the bucket",
  async (bucketDenial) => {
    const { logs } = await emulate({
      logs: { bucketDenial },
      authorize: ({ action, principal }) =>
        action === "s3:GetBucketAcl" && principal.arn === `logs.${region}.amazonaws.com`
          ? { deny: "of a test" }
          : "allow",
    });
    await expect(logs().send(createExportTask())).rejects.toMatchObject({
      name: bucketDenial,
      message: expect.stringContaining("GetBucketAcl call on the given bucket failed"),
    });
  },
);

it("requires s3:PutObject of the caller: by default below its own account's prefix only", async () => {
  const { logs } = await emulate();
  await expect(logs().send(createExportTask({ destinationPrefix: `${archive}/2026-11-19` }))).rejects.toMatchObject({
    name: "AccessDeniedException",
    message: expect.stringContaining("caller has been granted s3:PutObject access"),
  });
});

it("tells the authoriser for whom CloudWatch Logs writes", async () => {
  const asked: object[] = [];
  const { logs } = await emulate({
    authorize: ({ action, resource, context, principal }) => {
      if (principal.kind === "service") asked.push({ action, resource, context });
      return "allow";
    },
  });
  await logs().send(createExportTask());
  const context = expect.objectContaining({
    "aws:SourceAccount": member,
    "aws:SourceArn": `arn:aws:logs:${region}:${member}:log-group:/app/web`,
    "aws:SourceOrgID": "o-a1b2c3d4e5",
  });
  expect(asked).toEqual([
    { action: "s3:GetBucketAcl", resource: `arn:aws:s3:::${bucket}`, context },
    { action: "s3:PutObject", resource: `arn:aws:s3:::${bucket}/${destinationPrefix}/aws-logs-write-test`, context },
  ]);
});

it("cancels a running task, which keeps the slot until it has ended", async () => {
  const { logs, clock } = await emulate();
  const client = logs();
  const { taskId } = await client.send(createExportTask());
  clock.advance(500);
  await client.send(new CancelExportTaskCommand({ taskId }));
  expect(await status(client, taskId)).toBe("PENDING_CANCEL");
  expect(await errorName(client.send(createExportTask()))).toBe("LimitExceededException");
  clock.advance(2_000);
  expect(await status(client, taskId)).toBe("CANCELLED");
  expect(await errorName(client.send(new CancelExportTaskCommand({ taskId })))).toBe("InvalidOperationException");
  expect(await errorName(client.send(new CancelExportTaskCommand({ taskId: "nothing" })))).toBe(
    "ResourceNotFoundException",
  );
});

it("lets a task fail on request, with half of its objects written", async () => {
  const streams = ["a", "b"].map((name) => ({ name, events: [event(day.from, name)] }));
  const { logs, clock, cloud } = await emulate({
    world: world([logGroup("/app/web", { streams })]),
    faults: ({ operation }) =>
      operation === "CreateExportTask" ? { kind: "export-task", status: "FAILED", durationMs: 5_000 } : undefined,
  });
  const { taskId } = await logs().send(createExportTask());
  clock.advance(5_000);
  expect(await status(logs(), taskId)).toBe("FAILED");
  expect(Object.keys(objectsOf({ cloud }, taskId))).toEqual(["a/000000.gz"]);
});

it("ends a task that runs for 24 hours as FAILED", async () => {
  const { logs, clock } = await emulate({ faults: () => ({ kind: "export-task", durationMs: 25 * 3_600_000 }) });
  const { taskId } = await logs().send(createExportTask());
  clock.advance(24 * 3_600_000 - 1);
  expect(await status(logs(), taskId)).toBe("RUNNING");
  clock.advance(1);
  expect(await status(logs(), taskId)).toBe("FAILED");
});

it("lists the newest task first, over pages of which one is empty", async () => {
  const { logs, clock, cloud } = await emulate();
  const client = logs();
  for (let count = 0; count < 3; count++) {
    await client.send(createExportTask());
    clock.advance(60_000);
  }
  const pages: (string | undefined)[][] = [];
  let nextToken: string | undefined;
  do {
    const answer = await client.send(new DescribeExportTasksCommand({ limit: 2, nextToken }));
    pages.push((answer.exportTasks ?? []).map(({ taskId }) => taskId));
    nextToken = answer.nextToken;
  } while (nextToken !== undefined);
  const [oldest, middle, newest] = cloud.logs.exportTasks().map(({ id }) => id);
  expect(pages).toEqual([[newest, middle], [], [oldest]]);
});

it("filters tasks by id or by status, not by both", async () => {
  const { logs, cloud } = await emulate();
  const client = logs();
  await client.send(createExportTask());
  const taskId = cloud.logs.exportTasks()[0]?.id;
  const pending = await client.send(new DescribeExportTasksCommand({ statusCode: "PENDING" }));
  expect(pending.exportTasks?.map((task) => task.taskId)).toEqual([taskId]);
  const failed = await client.send(new DescribeExportTasksCommand({ statusCode: "FAILED" }));
  expect(failed.exportTasks).toEqual([]);
  expect(await errorName(client.send(new DescribeExportTasksCommand({ statusCode: "PENDING", taskId })))).toBe(
    "InvalidParameterException",
  );
});

it("makes the same ids and times again from the same seed", async () => {
  const runs = [await emulate({ seed: 7 }), await emulate({ seed: 7 }), await emulate({ seed: 8 })];
  for (const { logs, clock, cloud } of runs) {
    await logs().send(createExportTask());
    clock.advance(60_000);
    cloud.catchUp();
  }
  const [first, second, other] = runs.map(({ cloud }) => cloud.logs.exportTasks());
  expect(second).toEqual(first);
  expect(other?.[0]?.id).not.toBe(first?.[0]?.id);
});

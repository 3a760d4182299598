import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { LogStream } from "../../../apps/emulator";
import type { PlannedLogGroup } from "../../../handlers/archive/records";
import { Logs, sharedByAccounts } from "../../../handlers/clients/logs";
import { closeAll, type Emulated, emulate } from "../support/emulated";
import { account, day, region } from "../support/examples";
import { exportsEnd, on, times } from "../support/faults";
import { logGroup, noonYesterday, start, stream, world } from "../support/organisation";

afterEach(closeAll);

const logsOf = (emulated: Emulated) => new Logs(region, emulated.credentials(account), emulated.source);
const emulateGroups = (...groups: readonly ReturnType<typeof logGroup>[]) => emulate({ world: world(groups) });

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe("the log groups of an account", () => {
  it("are all listed, though a page holds 50, and one is empty and goes on", async () => {
    const names = Array.from({ length: 130 }, (_, index) => `/group/${String(index).padStart(3, "0")}`);
    const emulated = await emulateGroups(...names.map((name) => logGroup(name, { streams: [] })));
    const groups = await all(logsOf(emulated).logGroups());
    expect(groups.map(({ name }) => name)).toEqual(names);
    expect(emulated.calls("DescribeLogGroups").map(({ input }) => input.limit)).toEqual([50, 50, 50, 50]);
  });

  it("come with what planning needs to know", async () => {
    const change = { logGroupClass: "INFREQUENT_ACCESS", retentionInDays: 30, dataProtected: true } as const;
    const emulated = await emulateGroups(logGroup("/a", change), logGroup("/b"));
    const createdAt = start - 300 * day;
    expect(await all(logsOf(emulated).logGroups())).toEqual<PlannedLogGroup[]>([
      { name: "/a", createdAt, logClass: "INFREQUENT_ACCESS", retentionInDays: 30, masked: true },
      { name: "/b", createdAt, logClass: "STANDARD", masked: false },
    ]);
  });

  it("cannot be archived when the account refuses to list them", async () => {
    const emulated = await emulateGroups();
    emulated.rules.push(on("DescribeLogGroups", { kind: "error", name: "AccessDeniedException" }));
    await expect(all(logsOf(emulated).logGroups())).rejects.toMatchObject({ name: "AccountAccessDenied" });
  });

  it("are listed with no more than half of the calls that the account has", async () => {
    const names = Array.from({ length: 1000 }, (_, index) => `/group/${String(index).padStart(4, "0")}`);
    const emulated = await emulateGroups(...names.map((name) => logGroup(name, { streams: [] })));
    expect(await all(logsOf(emulated).logGroups())).toHaveLength(1000);
    const calls = emulated.calls("DescribeLogGroups");
    expect(calls.filter(({ outcome }) => outcome !== "ok")).toEqual([]);
    expect(calls.length / ((emulated.clock.now() - start) / 1000)).toBeLessThanOrEqual(5.5);
  });
});

describe("a log group by its name", () => {
  it("is found among longer ones, beyond an empty page, with its key", async () => {
    const kmsKeyId = `arn:aws:kms:${region}:${account}:key/1`;
    const longer = Array.from({ length: 60 }, (_, index) => logGroup(`/a/${index}`, { streams: [] }));
    const emulated = await emulateGroups(logGroup("/a", { kmsKeyId, retentionInDays: 3 }), logGroup("/b"), ...longer);
    const found = { name: "/a", createdAt: start - 300 * day, logClass: "STANDARD", masked: false };
    expect(await logsOf(emulated).logGroup("/a")).toEqual({ ...found, retentionInDays: 3, kmsKeyArn: kmsKeyId });
    expect(await logsOf(emulated).logGroup("/b")).toEqual({ ...found, name: "/b" });
    expect(await logsOf(emulated).logGroup("/a/")).toBeUndefined();
    expect(emulated.calls("DescribeLogGroups").length).toBeGreaterThan(3);
  });
});

it("tells the times of a log group's streams from either end, a bounded number of pages", async () => {
  const streams = Array.from({ length: 120 }, (_, index) =>
    stream(`s${index}`, start - index * 1000 - 500, start - index * 1000),
  );
  const emulated = await emulateGroups(logGroup("/a", { streams: [...streams, stream("none")] }));
  const newest = await logsOf(emulated).streamTimes("/a", "newest", 2);
  // One of the two is empty.
  expect(newest).toHaveLength(50);
  expect(newest[1]).toEqual({ firstEvent: start - 1500, lastEvent: start - 1000, lastIngestion: start - 1000 });
  const oldest = await logsOf(emulated).streamTimes("/a", "oldest", 10);
  expect(oldest).toHaveLength(121);
  expect(oldest[0]).toEqual({});
  expect(oldest[1]?.lastEvent).toBe(start - 119_000);
});

describe("the last sign of life of a log group", () => {
  const createdAt = start - 300 * day;
  const activityOf = async (...streams: readonly LogStream[]) =>
    logsOf(await emulateGroups(logGroup("/a", { streams }))).activity("/a");

  it("is that of the stream which was written to last, whatever the streams are called", async () => {
    const streams = [stream("a", noonYesterday), stream("b", createdAt, noonYesterday + 5), stream("c", createdAt + 7)];
    expect(await activityOf(...streams)).toEqual({ newest: noonYesterday + 5, isCertain: true });
  });

  it("may be the ingestion of an old event, or the creation of a stream", async () => {
    const late = { timestamp: createdAt, ingestionTime: noonYesterday, message: "late" };
    expect(await activityOf({ name: "a", events: [late] })).toEqual({ newest: noonYesterday, isCertain: true });
    expect(await activityOf(stream("a", createdAt - day))).toEqual({ newest: createdAt, isCertain: true });
  });

  it("is uncertain as soon as one stream of many has no time stamps", async () => {
    const streams = Array.from({ length: 40 }, (_, index) => stream(`s/${index}`, createdAt + index));
    expect(await activityOf(...streams)).toEqual({ newest: createdAt + 39, isCertain: true });
    expect(await activityOf(...streams, stream("silent"))).toEqual({ newest: createdAt + 39, isCertain: false });
  });

  it("does not exist where there are no streams, which is certain", async () => {
    expect(await activityOf()).toEqual({ newest: Number.NEGATIVE_INFINITY, isCertain: true });
  });

  it.each([
    ["ResourceNotFoundException", "LogGroupNotFound"],
    ["AccessDeniedException", "LogGroupDenied"],
  ])("cannot be told if CloudWatch Logs answers %s", async (name, expected) => {
    const emulated = await emulateGroups(logGroup("/a"));
    emulated.rules.push(on("DescribeLogStreams", { kind: "error", name }));
    await expect(logsOf(emulated).activity("/a")).rejects.toMatchObject({ name: expected });
    await expect(all(logsOf(emulated).streamNames("/a"))).rejects.toMatchObject({ name: expected });
  });
});

it("names every stream of a log group, on however many pages", async () => {
  const streams = Array.from({ length: 120 }, (_, index) => stream(`s/${index}`));
  const emulated = await emulateGroups(logGroup("/a", { streams }));
  const names = await all(logsOf(emulated).streamNames("/a"));
  expect(names.sort()).toEqual(streams.map(({ name }) => name).sort());
});

describe("export tasks", () => {
  it("are looked at through a bounded number of pages: an account may have had thousands", async () => {
    const emulated = await emulateGroups(logGroup("/a"));
    for (let index = 0; index < 160; index += 1) {
      await emulated.exportByHand("/a", 1);
      await emulated.clock.sleep(1000);
    }
    const tasks = await logsOf(emulated).newestExportTasks(3);
    expect(emulated.calls("DescribeExportTasks")).toHaveLength(3);
    expect(tasks[0]?.taskId).toBe(emulated.exportTasks().at(-1)?.id);
    expect(tasks.length).toBeGreaterThanOrEqual(100);
  });

  it("hold the slot while they are PENDING, RUNNING and PENDING_CANCEL", async () => {
    const emulated = await emulateGroups(logGroup("/a"));
    const { id } = await emulated.exportByHand("/a", day);
    const active = async () =>
      (await logsOf(emulated).activeExportTasks()).map(({ taskId, status }) => [taskId, status]);
    expect(await active()).toEqual([[id, "PENDING"]]);
    await emulated.clock.sleep(10_000);
    expect(await active()).toEqual([[id, "RUNNING"]]);
    // A cancelled task is to be seen within a tenth of a second: the next looks must not wait for their turn.
    await emulated.clock.sleep(1_000);
    const identity = emulated.credentials(account);
    await emulated.cloud.invoke({
      service: "logs",
      operation: "CancelExportTask",
      region,
      identity,
      input: { taskId: id },
    });
    expect(await active()).toEqual([[id, "PENDING_CANCEL"]]);
    await emulated.clock.sleep(10_000);
    expect(await active()).toEqual([]);
  });

  it("are described with their end, and not at all once CloudWatch Logs has forgotten them", async () => {
    const emulated = await emulateGroups(logGroup("/a"));
    emulated.rules.push(exportsEnd({ status: "FAILED", message: "No." }));
    const { id, created } = await emulated.exportByHand("/a", 60_000);
    await emulated.clock.sleep(60_000);
    const task = await logsOf(emulated).exportTask(id, "/a");
    expect(task).toMatchObject({ taskId: id, createdAt: created, completedAt: created + 60_000 });
    expect(await logsOf(emulated).exportTask("00000000-0000-4000-8000-000000000000", "/a")).toBe("not-listed");
  });

  it("are looked at again while CloudWatch Logs is not available", async () => {
    const emulated = await emulateGroups(logGroup("/a"));
    emulated.rules.push(
      times(2, on("DescribeExportTasks", { kind: "error", name: "ServiceUnavailableException", status: 500 })),
    );
    expect(await logsOf(emulated).newestExportTasks(1)).toEqual([]);
  });
});

test("clients of several accounts share their connections, and none their credentials", async () => {
  const { source } = await emulateGroups();
  const keys: (string | undefined)[] = [];
  let connections = 0;
  const server = createServer((request, response) => {
    keys.push(/Credential=(\w+)/.exec(request.headers.authorization ?? "")?.[1]);
    request.resume().on("end", () => response.end("{}"));
  }).on("connection", () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const endpoint = process.env.AWS_ENDPOINT_URL ?? "";
  process.env.AWS_ENDPOINT_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    const shared = sharedByAccounts(region);
    for (const accessKeyId of ["FIRST", "SECOND", "THIRD"])
      await new Logs(region, { accessKeyId, secretAccessKey: "secret", sessionToken: "token" }, source, shared).probe();
    expect({ keys, connections }).toEqual({ keys: ["FIRST", "SECOND", "THIRD"], connections: 1 });
  } finally {
    process.env.AWS_ENDPOINT_URL = endpoint;
    server.closeAllConnections();
    server.close();
  }
});

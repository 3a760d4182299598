import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type FunctionConfiguration, LambdaFunction, type OnInvoke } from "../../../apps/emulator/lambda/function";
import { VirtualClock } from "../../../apps/emulator/world/clock";

const start = Date.UTC(2026, 0, 1);
let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "lambda-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

function deployed(code: string, configuration: Partial<FunctionConfiguration> = {}, onInvoke?: OnInvoke) {
  writeFileSync(join(directory, "index.js"), code);
  const clock = new VirtualClock({ start });
  const lambda = new LambdaFunction(
    {
      functionName: "tested",
      functionArn: "arn:aws:lambda:eu-central-1:111122223333:function:tested",
      region: "eu-central-1",
      handler: "index.handler",
      directory,
      timeoutSeconds: 3,
      memorySize: 128,
      environment: { OWN: "value" },
      ...configuration,
    },
    {
      clock,
      seed: 1,
      transport: { endpoint: "http://127.0.0.1:1" },
      credentials: () => ({ accessKeyId: "id", secretAccessKey: "secret", sessionToken: "token" }),
      onInvoke,
    },
  );
  return { lambda, clock };
}

test("a function sees its own environment and Lambda's, and nothing of the host's", async () => {
  const { lambda } = deployed("exports.handler = async () => process.env");
  expect(await lambda.invoke({})).toEqual({
    AWS_ACCESS_KEY_ID: "id",
    AWS_DEFAULT_REGION: "eu-central-1",
    AWS_ENDPOINT_URL: "http://127.0.0.1:1",
    AWS_EXECUTION_ENV: expect.any(String),
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "128",
    AWS_LAMBDA_FUNCTION_NAME: "tested",
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_REGION: "eu-central-1",
    AWS_SECRET_ACCESS_KEY: "secret",
    AWS_SESSION_TOKEN: "token",
    LAMBDA_TASK_ROOT: "/var/task",
    OWN: "value",
    TZ: ":UTC",
    _HANDLER: "index.handler",
  });
});

test("a function's dates, sleeps and remaining time are the clock's", async () => {
  const { lambda, clock } = deployed(`
    const { setTimeout } = require("node:timers/promises");
    exports.handler = async (event, context) => {
      const before = [Date.now(), new Date().getTime(), context.getRemainingTimeInMillis()];
      await setTimeout(event.sleep);
      return [...before, Date.now(), context.getRemainingTimeInMillis(), new Date(0).toISOString(), new Date() instanceof Date];
    };`);
  const result = await lambda.invoke({ sleep: 2_000 });
  expect(result).toEqual([start, start, 3_000, start + 2_000, 1_000, "1970-01-01T00:00:00.000Z", true]);
  expect(clock.now()).toBe(start + 2_000);
  expect(lambda.milliseconds).toBe(2_000);
});

test("randomness and request ids repeat with the seed", async () => {
  const code = "exports.handler = async (_, context) => [Math.random(), Math.random(), context.awsRequestId]";
  const first = await deployed(code).lambda.invoke({});
  expect(await deployed(code).lambda.invoke({})).toEqual(first);
  expect(new Set(first as unknown[]).size).toBe(3);
});

test("an instance keeps its module between invocations; invocations at the same time have one each", async () => {
  const { lambda } = deployed(`
    let count = 0;
    exports.handler = async () => {
      count += 1;
      await require("timers/promises").setTimeout(1000);
      return count;
    };`);
  expect(await Promise.all([lambda.invoke({}), lambda.invoke({})])).toEqual([1, 1]);
  expect(await lambda.invoke({})).toBe(2);
});

test("the console goes to the function's log", async () => {
  const { lambda } = deployed('exports.handler = async () => console.warn("%s is", "this", { a: 1 })');
  await lambda.invoke({});
  expect(lambda.log).toEqual([{ at: start, requestId: expect.any(String), level: "WARN", line: "this is { a: 1 }" }]);
});

test("the developer's files are not the function's", async () => {
  const { lambda } = deployed(`
    const fs = require("node:fs");
    exports.handler = async () => fs.promises.readFile(__filename).catch((error) => [error.code, fs.existsSync("/")]);`);
  expect(await lambda.invoke({})).toEqual(["ENOENT", false]);
});

test("errors of Node's modules are errors to the function, and its buffers are byte arrays", async () => {
  const { lambda } = deployed(`
    exports.handler = async () => {
      const zlib = await import("node:zlib");
      try { zlib.gunzipSync(Buffer.from("no")); } catch (error) {
        return [error instanceof Error, error instanceof RangeError, Buffer.from("x") instanceof Uint8Array];
      }
    };`);
  expect(await lambda.invoke({})).toEqual([true, false, true]);
});

const failures: readonly [string, string, Partial<FunctionConfiguration>, string][] = [
  ["an export that is not there", "exports.other = 1", {}, "Runtime.HandlerNotFound"],
  ["a file that is not there", "exports.handler = 1", { handler: "app.handler" }, "Runtime.ImportModuleError"],
  ["a module that is not in the bundle", 'require("left-pad")', {}, "Runtime.ImportModuleError"],
  ["a handler name without an export", "", { handler: "index" }, "Runtime.MalformedHandlerName"],
  ["wrong syntax", "exports.handler = (", {}, "Runtime.UserCodeSyntaxError"],
  ["a module that throws", "class NoTable extends Error { name = 'NoTable' }; throw new NoTable()", {}, "NoTable"],
  ["a handler that throws", "exports.handler = async () => { throw new TypeError('no') }", {}, "TypeError"],
  ["an exit", "exports.handler = async () => process.exit(1)", {}, "Runtime.ExitError"],
  ["a result of more than 6 MB", "exports.handler = async () => 'x'.repeat(7e6)", {}, "Function.ResponseSizeTooLarge"],
];

test.each(failures)("%s fails as in Lambda", async (_, code, configuration, errorType) => {
  await expect(deployed(code, configuration).lambda.invoke({})).rejects.toMatchObject({ errorType });
});

test("a thrown error has the name, message and trace that Lambda reports", async () => {
  const { lambda } = deployed("exports.handler = async () => { throw new TypeError('no') }");
  await expect(lambda.invoke({})).rejects.toMatchObject({
    payload: { errorType: "TypeError", errorMessage: "no", trace: expect.arrayContaining(["TypeError: no"]) },
  });
});

test("a function that takes longer than its time-out fails at that moment, and its instance is gone", async () => {
  const { lambda, clock } = deployed(`
    let count = 0;
    exports.handler = async (event) => {
      count += 1;
      await require("timers/promises").setTimeout(event.sleep);
      return count;
    };`);
  await expect(lambda.invoke({ sleep: 60_000 })).rejects.toMatchObject({
    errorType: "Sandbox.Timedout",
    errorMessage: expect.stringContaining("Task timed out after 3.00 seconds"),
  });
  expect(clock.now()).toBe(start + 3_000);
  expect(await lambda.invoke({ sleep: 0 })).toBe(1);
});

describe("a process that dies", () => {
  let requests: string[];
  const server = createServer((request, response) => {
    requests.push(request.url ?? "");
    response.end("done");
  });
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
  afterAll(() => new Promise((resolve) => server.close(resolve)));
  beforeEach(() => {
    requests = [];
  });

  const code = `
    const { request } = require("node:http");
    const get = (port, path) => new Promise((resolve, reject) =>
      request({ port, path, agent: false }, (response) => response.resume().on("end", resolve)).on("error", reject).end());
    exports.handler = async ({ port }) => {
      for (const path of ["/1", "/2", "/3"]) {
        try { await get(port, path); } catch {}
      }
      return "done";
    };`;
  const fates = [
    ["die-before", []],
    [{ dieAfterRequests: 1 }, ["/1"]],
    [{ dieAfterRequests: 2 }, ["/1", "/2"]],
    ["die-after", ["/1", "/2", "/3"]],
  ] as const;

  test.each(fates)("(%j) reports its exit, and has made no later request", async (fate, made) => {
    const { lambda } = deployed(code, {}, () => fate);
    const { port } = server.address() as AddressInfo;
    await expect(lambda.invoke({ port })).rejects.toMatchObject({ errorType: "Runtime.ExitError" });
    expect(requests).toEqual(made);
  });
});

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Emulator, type EmulatorOptions, VirtualClock } from "../../apps/emulator";
import { central, machine, writeAssembly } from "./support/assembly";
import { world } from "./support/organisation";

const start = Date.UTC(2026, 0, 1);
const latencies = { api: 80, s3: 30, warmStart: 60, coldStart: 900, transition: 25 };

/** Makes a request of a service, signed as the SDK signs, as often as it is asked to. */
const code = `
  const { request } = require("node:http");
  const send = (service) => new Promise((resolve, reject) => {
    const Credential = process.env.AWS_ACCESS_KEY_ID + "/20260101/eu-central-1/" + service + "/aws4_request";
    const headers = {
      Authorization: "AWS4-HMAC-SHA256 Credential=" + Credential,
      "X-Amz-Security-Token": process.env.AWS_SESSION_TOKEN,
    };
    const path = service === "s3" ? "/bucket/key" : "/?Action=GetCallerIdentity";
    request({ method: "GET", path, headers }, (response) => response.resume().on("end", resolve)).on("error", reject).end();
  });
  exports.handler = async (services) => {
    for (const service of services) await send(service);
    return Date.now();
  };`;

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "assembly-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

async function opened(options: Partial<EmulatorOptions> = {}) {
  writeAssembly(directory, machine, code);
  const clock = new VirtualClock({ start });
  const emulator = await Emulator.open({
    assembly: directory,
    world: world(),
    clock,
    logArchiveAccount: central,
    ...options,
  });
  await emulator.close();
  const { deployment, cloud } = emulator;
  const stateMachineArn = deployment.outputs.Stack?.Machine ?? "";
  let runs = 0;
  const run = async (...services: string[]) => {
    const began = clock.now();
    const calls = cloud.calls.length;
    const { output } = await deployment.startExecution({ stateMachineArn, name: `run-${++runs}`, input: services });
    return {
      returned: Number(output) - began,
      tookEffect: cloud.calls.slice(calls).map(({ at }) => at - began),
      milliseconds: deployment.functions.map((one) => one.milliseconds),
    };
  };
  return run;
}

test("nothing takes time unless it is asked for", async () => {
  const run = await opened();
  expect(await run("sts", "s3")).toEqual({ returned: 0, tookEffect: [0, 0], milliseconds: [0] });
});

test("states, cold and warm starts and requests take their time, and a request has effect halfway", async () => {
  const run = await opened({ latencies });
  const cold = 25 + 900;
  expect(await run("sts", "s3")).toEqual({
    returned: cold + 80 + 30,
    tookEffect: [cold + 40, cold + 80 + 15],
    milliseconds: [900 + 110],
  });
  const warm = 25 + 60;
  expect(await run("s3")).toEqual({ returned: warm + 30, tookEffect: [warm + 15], milliseconds: [900 + 110 + 30] });
});

test("requests through sockets cannot take the clock's time, and say so", async () => {
  await expect(opened({ latencies, transport: "http" })).rejects.toThrow("leave their latencies out");
});

import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Emulator, type EmulatorOptions, VirtualClock } from "../../apps/emulator";
import { configuration } from "../policies/support/configuration";
import { logArchiveAccount, region, runAt, world } from "../policies/support/world";
import { assembly } from "../support/assembly";

/** Functions reach the emulated services within the process; what a socket would carry is the same to the byte. */

const folder = mkdtempSync(join(tmpdir(), "org-log-archive-transports-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** All that a run of one Region leaves, by path, in hex; and the calls that it made. */
async function run(transport: NonNullable<EmulatorOptions["transport"]>) {
  const directory = join(folder, transport);
  const clock = new VirtualClock({ start: runAt });
  let lost = 0;
  const emulator = await Emulator.open({
    assembly: assembly({ ...configuration, regions: [region] }, { code: true }),
    world,
    clock,
    logArchiveAccount,
    directory,
    transport,
    // Answers that do not arrive, and errors of each protocol.
    faults: ({ operation, number }) => {
      if (operation === "CreateExportTask" && lost++ === 0) return { kind: "drop-after" };
      if (operation === "AssumeRole" && number % 3 === 0) return { kind: "error", name: "Throttling" };
      return operation === "PutObject" && number % 5 === 0
        ? { kind: "error", name: "SlowDown", status: 503 }
        : undefined;
    },
  });
  try {
    const { deployment, cloud } = emulator;
    for (const schedule of deployment.schedules) await deployment.fire(schedule, runAt);
    const ends = deployment.executions.map(({ status, output }) => ({ status, output }));
    await emulator.close();
    const paths = readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    const files = paths.map((path) => [path.slice(directory.length), readFileSync(path, "hex")]);
    return { ends, files: Object.fromEntries(files), calls: cloud.calls };
  } finally {
    await emulator.close();
  }
}

test("a run leaves the same archive, byte for byte, whether its requests go through sockets or not", async () => {
  const wire = await run("http");
  const inProcess = await run("in-process");
  expect(wire.ends.map(({ status }) => status)).toEqual(wire.ends.map(() => "SUCCEEDED"));
  expect(Object.keys(wire.files).filter((path) => path.includes("/receipts/")).length).toBeGreaterThan(3);
  const outcomes = new Set(wire.calls.map(({ outcome }) => outcome));
  expect([...outcomes]).toEqual(expect.arrayContaining(["ok", "drop-after", "Throttling", "SlowDown", "NoSuchKey"]));
  expect(inProcess).toEqual(wire);
});

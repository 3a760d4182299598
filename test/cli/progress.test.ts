import { PassThrough } from "node:stream";
import { Progress, watched } from "../../apps/cli/progress";
import { MemoryBucket } from "../handlers/archive/support/memory-bucket";

/** What people see while a command takes long. */

class Terminal extends PassThrough {
  readonly columns = 80;

  constructor(readonly isTTY = true) {
    super();
  }

  text(): string {
    return String(this.read() ?? "");
  }
}

beforeEach(() => jest.useFakeTimers({ doNotFake: ["nextTick"] }));
afterEach(() => jest.useRealTimers());

test("what is told once is shown when it takes long, though nothing else is told", () => {
  const terminal = new Terminal();
  new Progress(terminal).show("listing accounts");
  jest.advanceTimersByTime(400);
  expect(terminal.text()).toBe("");
  jest.advanceTimersByTime(200);
  expect(terminal.text()).toContain("listing accounts");
});

test("of what is told too often the last is shown, and it goes when the command ends", () => {
  const terminal = new Terminal();
  const progress = new Progress(terminal);
  jest.advanceTimersByTime(1000);
  for (const text of ["1 record", "2 records", "3 records"]) progress.show(text);
  jest.advanceTimersByTime(1000);
  expect(terminal.text()).toBe("\r\u001b[K1 record\r\u001b[K3 records");
  progress.show("4 records");
  progress.show("5 records");
  progress.end();
  jest.advanceTimersByTime(1000);
  expect(terminal.text()).toBe("\r\u001b[K4 records\r\u001b[K");
});

test.each([
  ["in a pipe", false, false],
  ["where a program reads the answer", true, true],
])("%s nothing is shown", (_where, isTTY, silent) => {
  const terminal = new Terminal(isTTY);
  new Progress(terminal, silent).show("listing accounts");
  jest.advanceTimersByTime(5000);
  expect(terminal.text()).toBe("");
});

test("an archive that is watched tells how many of its records were read", async () => {
  const bucket = new MemoryBucket("a-bucket", new Map([["runs/a", Buffer.from("{}")]]));
  const terminal = new Terminal();
  const reader = watched(bucket, new Progress(terminal));
  await reader.read("runs/a");
  expect(String(await reader.read("runs/a"))).toBe("{}");
  jest.advanceTimersByTime(600);
  expect(terminal.text()).toContain("a-bucket: 2 records read");
});

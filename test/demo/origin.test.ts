import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CannotGoOn,
  ensureSame,
  keptFolder,
  keptSmall,
  type Origin,
  originOf,
  readOrigin,
  writeOrigin,
} from "../../apps/demo/origin";
import { parseConfiguration } from "../../constructs/configuration";
import { example } from "../deploy/synthesise";

const configuration = parseConfiguration(example);
let parent: string;
let directory: string;
let logs: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "org-log-archive-origin-"));
  directory = join(parent, ".emulator");
  logs = join(parent, "logs");
  mkdirSync(logs);
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

function ofLogs(message: string): Origin {
  const events = [{ timestamp: 1, message }];
  const logGroups = [{ name: "logs", streams: [{ name: "a.log", events }] }];
  return originOf(configuration, false, 1, { folder: logs, logGroups });
}
const ofNothing = originOf(configuration, false, 1, undefined);

describe("going on with an archive", () => {
  it("remembers what it was made from", () => {
    writeOrigin(directory, ofLogs("one"));
    expect(readOrigin(directory)).toEqual(ofLogs("one"));
    writeOrigin(directory, ofNothing);
    expect(readOrigin(directory)).toEqual(ofNothing);
  });

  it("takes the folder of log files that it was made from, named or not", () => {
    expect(keptFolder(directory, ofLogs("one"), undefined)).toBe(logs);
    expect(keptFolder(directory, ofLogs("one"), `${logs}/../logs/`)).toBe(logs);
  });

  it("takes an archive that does not say what it was made from as one without log files", () => {
    mkdirSync(directory);
    expect(readOrigin(directory)).toBeUndefined();
    expect(keptFolder(directory, undefined, undefined)).toBeUndefined();
    expect(() => keptFolder(directory, undefined, logs)).toThrow(/made without --logs: leave out --logs/);
  });

  it("is refused with another folder, and with one that is gone", () => {
    expect(() => keptFolder(directory, ofLogs("one"), parent)).toThrow(CannotGoOn);
    rmSync(logs, { recursive: true });
    expect(() => keptFolder(directory, ofLogs("one"), undefined)).toThrow(
      `${directory} was made from the log files in ${logs}, which is not there any more: put it back, or leave out --keep to start clean.`,
    );
  });

  it("is refused when the log files have other lines", () => {
    expect(() => ensureSame(directory, ofLogs("one"), ofLogs("one"))).not.toThrow();
    expect(() => ensureSame(directory, ofLogs("one"), ofLogs("two"))).toThrow(`The log files in ${logs} are not those`);
  });

  it("is refused with another configuration, naming what has changed", () => {
    const tokyo = parseConfiguration({ ...example, dayTimeZone: "Asia/Tokyo" });
    expect(() => ensureSame(directory, ofNothing, originOf(tokyo, false, 1, undefined))).toThrow(
      `${directory} was made with dayTimeZone "UTC", and it is "Asia/Tokyo" now: change it back, or leave out --keep to start clean.`,
    );
  });

  it("goes on as a small one where it was made as one, asked or not, and never becomes one", () => {
    const small = originOf(configuration, true, 1, undefined);
    expect([keptSmall(directory, small, false), keptSmall(directory, small, true)]).toEqual([true, true]);
    expect([keptSmall(directory, ofNothing, false), keptSmall(directory, undefined, true)]).toEqual([false, true]);
    expect(() => keptSmall(directory, ofNothing, true)).toThrow(`${directory} was made without --small`);
  });

  it("is refused when the note of what it was made from cannot be read", () => {
    mkdirSync(directory);
    writeFileSync(join(directory, "scenario.json"), "{");
    expect(() => readOrigin(directory)).toThrow(CannotGoOn);
  });
});

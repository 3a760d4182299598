import { ensureFitsIntoRun, RunTooLong } from "../../apps/demo/run-time";
import { parseConfiguration } from "../../constructs/configuration";
import { example } from "../deploy/synthesise";

const DAY = 86_400_000;
const account = "999900001111";
const region = example.homeRegion;
const lastDay = "2026-11-20";
const noon = (daysBefore: number) => Date.parse(`${lastDay}T12:00:00Z`) - daysBefore * DAY;

/** Log groups with an event on each of some days before the last one. */
const logGroups = (count: number, daysBefore: readonly number[]) =>
  Array.from({ length: count }, (_, index) => ({
    account,
    region,
    name: `group-${index}`,
    logGroupClass: "STANDARD" as const,
    createdAt: noon(Math.max(...daysBefore)),
    streams: [
      {
        name: "stream",
        events: daysBefore.map((days) => ({ timestamp: noon(days), ingestionTime: noon(days), message: "x" })),
      },
    ],
  }));
const upTo = (days: number) => Array.from({ length: days }, (_, day) => day);

const check = (groups: ReturnType<typeof logGroups>, days: number, more: Partial<typeof example> = {}) =>
  ensureFitsIntoRun(
    {
      world: { logGroups: groups },
      lastDay,
      backfill: { account, region, days: upTo(days).map((day) => new Date(noon(day)).toISOString().slice(0, 10)) },
    },
    parseConfiguration({ ...example, ...more }),
  );

describe("log files that make more export tasks than a run has time for", () => {
  it("are refused before the run, with how many there are, how many fit, and what to change", () => {
    const refusal = () => check(logGroups(240, upTo(365)), 365);
    expect(refusal).toThrow(RunTooLong);
    expect(refusal).toThrow(
      "The log files make 87,600 log group days (log groups: 240, days: 365). An account exports one after another: that takes about 36.5 hours of simulated time, and a run has 23.8 hours, enough for some 57,200. Give a folder with fewer sub-folders, each of which is a log group, or with the files of fewer days.",
    );
  });

  it("are let pass while they fit, and refused from then on", () => {
    expect(() => check(logGroups(240, upTo(238)), 238)).not.toThrow();
    expect(() => check(logGroups(240, upTo(239)), 239)).toThrow(RunTooLong);
  });

  it("are not counted on days before a log group, or long after its last event: those need no task", () => {
    const old = logGroups(240, upTo(365).slice(300));
    expect(() => check([...old, ...logGroups(1, upTo(365))], 365)).not.toThrow();
  });

  it("wait for the scheduled run, which takes as long as its busiest account", () => {
    const others = logGroups(9_000, [0]).map((group) => ({ ...group, account: "222233334444" }));
    expect(() => check([...others, ...logGroups(240, upTo(100))], 100)).toThrow(RunTooLong);
    expect(() => check([...others, ...logGroups(240, upTo(100))], 100, { lookbackDays: 1 })).not.toThrow();
  });

  it("have the time that the home Region's schedule leaves", () => {
    const schedule = { expression: "cron(30 1,13 * * ? *)" };
    expect(() => check(logGroups(120, upTo(365)), 365)).not.toThrow();
    expect(() => check(logGroups(120, upTo(365)), 365, { regions: [{ name: region, schedule }] })).toThrow(RunTooLong);
    expect(() =>
      check(logGroups(120, upTo(365)), 365, { regions: [region, { name: "us-east-1", schedule }] }),
    ).not.toThrow();
  });

  it("are none without log files", () => {
    expect(() => ensureFitsIntoRun({ world: { logGroups: [] }, lastDay }, parseConfiguration(example))).not.toThrow();
  });
});

import type { Configuration } from "../../constructs/configuration";
import { count } from "../terminal/amounts";
import type { Scenario } from "./scenario";

/** Seconds on a machine with two cores, by measurement: what every start takes, and what a log group's day adds. */
const fixedSeconds = 11;
const secondsPerLogGroupDay = 0.085;

/** Says what is about to be run, and how long that takes. */
export function expectationText({ world, backfill }: Scenario, configuration: Configuration): string {
  const { regions, lookbackDays } = configuration;
  let events = 0;
  for (const { streams } of world.logGroups) for (const stream of streams) events += stream.events.length;
  const backfilled = backfill ? world.logGroups.filter(({ account }) => account === backfill.account).length : 0;
  const logGroupDays = world.logGroups.length * lookbackDays + backfilled * (backfill?.days.length ?? 0);
  const seconds = fixedSeconds + logGroupDays * secondsPerLogGroupDay;
  const what = [
    count(world.accounts.length, "account"),
    count(regions.length, "Region"),
    count(world.logGroups.length, "log group"),
    count(events, "event"),
    count(lookbackDays, "day"),
  ];
  return `An organisation with ${what.join(", ")}: this takes about ${duration(seconds)}.`;
}

function duration(seconds: number): string {
  return seconds < 90 ? `${Math.ceil(seconds / 5) * 5} seconds` : count(Math.ceil(seconds / 60), "minute");
}

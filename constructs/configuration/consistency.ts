import type { z } from "zod";
import { longestCoverageGap } from "./coverage-gap";
import { formatPath, type Problem } from "./invalid-configuration";
import { partitionOf } from "./regions";
import { type ConfigurationShape, regionSchedule } from "./schema";

type Shaped = z.output<typeof ConfigurationShape>;

/** What is wrong between fields that are each well formed. */
export function inconsistencies(configuration: Shaped): Problem[] {
  return [...regionProblems(configuration), ...accountProblems(configuration), ...scheduleProblems(configuration)];
}

function regionProblems({ regions, homeRegion }: Shaped): Problem[] {
  const names = regions.map(({ name }) => name);
  const problems = duplicates(names, ["regions"], "each Region once");
  if (!names.includes(homeRegion))
    problems.push({
      path: "homeRegion",
      given: homeRegion,
      allowed: `one of regions: ${names.join(", ")}`,
      change: `Add ${homeRegion} to regions, or choose one of them.`,
    });
  const foreign = names.filter((name) => partitionOf(name) !== partitionOf(homeRegion));
  if (foreign.length > 0)
    problems.push({
      path: "regions",
      given: foreign,
      allowed: `Regions of the partition ${partitionOf(homeRegion)}, in which homeRegion is: an organisation has only one`,
      change: "Remove the Regions of other partitions.",
    });
  return problems;
}

function accountProblems({ targets, bucketPolicy, sourceAccounts }: Shaped): Problem[] {
  const { includeAccounts, excludeAccounts, managementAccount, organizationalUnits } = targets;
  const problems = [
    ...duplicates(organizationalUnits, ["targets", "organizationalUnits"], "each organisational unit once"),
    ...duplicates(includeAccounts, ["targets", "includeAccounts"], "each account once"),
    ...duplicates(excludeAccounts, ["targets", "excludeAccounts"], "each account once"),
    ...duplicates(sourceAccounts, ["sourceAccounts"], "each account once"),
  ];
  const wanted = managementAccount ? [...includeAccounts, managementAccount] : includeAccounts;
  const both = wanted.filter((account) => excludeAccounts.includes(account));
  if (both.length > 0)
    problems.push({
      path: "targets.excludeAccounts",
      given: both,
      allowed: "accounts that are neither in targets.includeAccounts nor targets.managementAccount",
      change: "Remove them from one of the two.",
    });
  if (bucketPolicy === "organization" && sourceAccounts.length > 0)
    problems.push({
      path: "sourceAccounts",
      given: sourceAccounts,
      allowed: 'accounts only with bucketPolicy "accounts"',
      change: 'Remove sourceAccounts, or set bucketPolicy to "accounts".',
    });
  if (bucketPolicy === "accounts" && sourceAccounts.length === 0)
    problems.push({
      path: "sourceAccounts",
      given: sourceAccounts,
      allowed: 'at least one account with bucketPolicy "accounts"',
      change: "List every account whose logs are archived: CloudWatch Logs may write for no other.",
    });
  const missing = wanted.filter((account) => !sourceAccounts.includes(account));
  if (bucketPolicy === "accounts" && sourceAccounts.length > 0 && missing.length > 0)
    problems.push({
      path: "sourceAccounts",
      given: sourceAccounts,
      allowed: "a list that has every account of targets.includeAccounts and targets.managementAccount",
      change: `Add ${missing.join(", ")}.`,
    });
  return problems;
}

function scheduleProblems({ schedule, regions, dayTimeZone, lookbackDays }: Shaped): Problem[] {
  const own = regions.flatMap((region, index) =>
    region.schedule ? [{ path: `regions[${index}].schedule`, schedule: regionSchedule(schedule, region) }] : [],
  );
  return [{ path: "schedule", schedule }, ...own].flatMap(({ path, schedule }) => {
    const given = schedule.expression;
    const problem = { path: `${path}.expression`, given };
    if (/^cron\(.*\s(?!\*\))\S+\)$/.test(given))
      return [
        { ...problem, allowed: "* as the year: an archive has no last day", change: "Set the sixth field to *." },
      ];
    try {
      const gap = longestCoverageGap(schedule, dayTimeZone);
      if (gap <= lookbackDays) return [];
      return [
        {
          ...problem,
          allowed: `runs at most ${lookbackDays} days apart (lookbackDays): this schedule leaves ${gap}, and no run would look at the days between`,
          change: `Run more often, or set lookbackDays to at least ${gap}.`,
        },
      ];
    } catch (error) {
      const cause = error instanceof Error ? error.message : String(error);
      return [
        {
          ...problem,
          allowed:
            "cron(minutes hours day-of-month month day-of-week year) or rate(value unit), as EventBridge Scheduler reads it",
          change: `Correct it. ${cause}`,
        },
      ];
    }
  });
}

function duplicates(values: readonly string[], path: readonly string[], allowed: string): Problem[] {
  return values.flatMap((value, index) =>
    values.indexOf(value) === index
      ? []
      : [{ path: formatPath([...path, index]), given: value, allowed, change: "Remove the second." }],
  );
}

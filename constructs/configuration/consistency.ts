import type { z } from "zod";
import { longestCoverageGap } from "./coverage-gap";
import { evidenceProblems } from "./evidence";
import { formatPath, type Problem } from "./invalid-configuration";
import { partitionOf, stackSetRegion } from "./regions";
import { type ConfigurationShape, regionSchedule } from "./schema";
import { storageProblems } from "./storage";

type Shaped = z.output<typeof ConfigurationShape>;

/** What is wrong between fields that are each well formed. */
export function inconsistencies(configuration: Shaped): Problem[] {
  return [
    ...regionProblems(configuration),
    ...unitProblems(configuration),
    ...accountProblems(configuration),
    ...sourceAccountProblems(configuration),
    ...scheduleProblems(configuration),
    ...storageProblems(configuration),
    ...evidenceProblems(
      configuration,
      configuration.regions.map(({ name }) => name),
    ),
    ...duplicates(
      configuration.notify.emails.map((email) => email.toLowerCase()),
      ["notify", "emails"],
      "each address once",
    ),
  ];
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
  if (stackSetRegion(homeRegion, names) === undefined)
    problems.push({
      path: "regions",
      given: names,
      allowed:
        "at least one Region that no account has to enable, such as eu-central-1 or us-east-1: the StackSet brings the member role to every account there, and roles have no Region",
      change: "Add such a Region.",
    });
  return problems;
}

function unitProblems({ targets: { organizationalUnits } }: Shaped): Problem[] {
  const problems = duplicates(organizationalUnits, ["targets", "organizationalUnits"], "each organisational unit once");
  const root = organizationalUnits.find((unit) => unit.startsWith("r-"));
  if (root && organizationalUnits.length > 1)
    problems.push({
      path: "targets.organizationalUnits",
      given: organizationalUnits,
      allowed: `the root ${root} alone, which has every organisational unit below it, or units without it`,
      change: "Remove the root, or everything else.",
    });
  return problems;
}

/**
 * Every id takes 15 bytes of what a run is given to begin with, of which Step Functions takes 256 KiB.
 * https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
 */
const mostListedAccounts = 16_000;

function accountProblems({ targets, stackSet, logArchiveAccount }: Shaped): Problem[] {
  const { includeAccounts, excludeAccounts, managementAccount } = targets;
  const problems = [
    ...duplicates(includeAccounts, ["targets", "includeAccounts"], "each account once"),
    ...duplicates(excludeAccounts, ["targets", "excludeAccounts"], "each account once"),
  ];
  const listed = includeAccounts.length + excludeAccounts.length;
  if (listed > mostListedAccounts)
    problems.push({
      path: "targets",
      given: `${listed} accounts in includeAccounts and excludeAccounts`,
      allowed: `at most ${mostListedAccounts} in both together`,
      change: "Choose accounts by organizationalUnits, and list only what differs.",
    });
  const both = wantedAccounts(targets).filter((account) => excludeAccounts.includes(account));
  if (both.length > 0)
    problems.push({
      path: "targets.excludeAccounts",
      given: both,
      allowed: "accounts that are neither in targets.includeAccounts nor targets.managementAccount",
      change: "Remove them from one of the two.",
    });
  if (managementAccount && (managementAccount === logArchiveAccount) !== (stackSet.callAs === "SELF"))
    problems.push({
      path: "stackSet.callAs",
      given: stackSet.callAs,
      allowed: `SELF if logArchiveAccount is the management account, DELEGATED_ADMIN if not; logArchiveAccount is ${logArchiveAccount}, targets.managementAccount ${managementAccount}`,
      change: "Correct the one that is wrong.",
    });
  return problems;
}

/** Accounts that are archived because their ids say so. */
function wantedAccounts({ includeAccounts, managementAccount }: Shaped["targets"]): string[] {
  return managementAccount ? [...includeAccounts, managementAccount] : includeAccounts;
}

function sourceAccountProblems({ targets, bucketPolicy, sourceAccounts }: Shaped): Problem[] {
  const problems = duplicates(sourceAccounts, ["sourceAccounts"], "each account once");
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
  const missing = wantedAccounts(targets).filter((account) => !sourceAccounts.includes(account));
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

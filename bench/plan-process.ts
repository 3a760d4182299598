import { planRegion } from "../apps/cli/plan/plan-region";
import { parseConfiguration } from "../constructs/configuration";
import { memberRoleName } from "../handlers/archive/layout";
import { S3Store } from "../handlers/archive/s3-store";
import { Logs } from "../handlers/clients/logs";
import { MemberSessions } from "../handlers/clients/member-sessions";
import { Organizations } from "../handlers/clients/organizations";
import { type Clock, systemClock } from "../handlers/clock";
import { bucket, externalId, logArchive, region, size, start } from "./plan";

/** Plans a run, and prints what that took as a JSON line. */

async function main(): Promise<void> {
  const configuration = parseConfiguration({
    organizationId: "o-a1b2c3d4e5",
    logArchiveAccount: logArchive,
    homeRegion: region,
    regions: [region],
    externalId,
    targets: { organizationalUnits: ["r-a1b2"], excludeAccounts: [logArchive] },
    lookbackDays: size.days,
  });
  const [own] = configuration.regions;
  if (!own) throw new Error("There is no Region");
  const clock: Clock = { now: () => start, sleep: (milliseconds) => systemClock.sleep(milliseconds) };
  const source = { clock, random: Math.random };
  const sessions = new MemberSessions(
    region,
    { partition: "aws", roleName: memberRoleName, externalId },
    "plan",
    source,
  );
  const began = performance.now();
  const { items, accounts, unreachable } = await planRegion(
    {},
    { ...configuration, ...own },
    {
      ...{ region, clock, archive: new S3Store({ bucket, region, source, environment: process.env }) },
      organizations: new Organizations(region, source),
      logsOf: async (account) => new Logs(region, await sessions.assume(account, "look"), source),
    },
  );
  if (accounts.length < size.accounts || unreachable.length > 1)
    throw new Error(JSON.stringify(unreachable.slice(0, 3)));
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  process.stdout.write(
    JSON.stringify({
      seconds: Number(((performance.now() - began) / 1000).toFixed(1)),
      cpuSeconds: Number(((userCPUTime + systemCPUTime) / 1e6).toFixed(1)),
      peakMegabytes: Math.round(maxRSS / 1024),
      items,
    }),
  );
}

void main();

import type { Configuration } from ".";

/** Something that is allowed, and may not be what was meant. */
export interface Warning {
  readonly id: string;
  readonly message: string;
}

/** What is left out, or may be left out, without the configuration saying so. */
export function targetWarnings(configuration: Configuration): Warning[] {
  return [...logArchiveAccountWarnings(configuration), ...managementAccountWarnings(configuration)];
}

function logArchiveAccountWarnings(configuration: Configuration): Warning[] {
  const { logArchiveAccount, targets, bucketPolicy, sourceAccounts } = configuration;
  const { organizationalUnits, managementAccount } = targets;
  const left = whyLogArchiveAccountIsLeftOut(configuration);
  if (left)
    return [
      {
        id: "log-archive-account-is-left-out",
        message: `The log archive account ${logArchiveAccount} itself is not archived: ${left}.`,
      },
    ];
  const warnings: Warning[] = [];
  if (managementAccount !== logArchiveAccount && !organizationalUnits.some((unit) => unit.startsWith("r-")))
    warnings.push({
      id: "log-archive-account-may-be-left-out",
      message: `The log archive account ${logArchiveAccount} itself is archived only if it is in one of targets.organizationalUnits (${organizationalUnits.join(", ")}). If it is not, every run's coverage reports it as outside-targets.`,
    });
  // Not refused: which accounts are in a unit, only the organisation knows.
  if (bucketPolicy === "accounts" && !sourceAccounts.includes(logArchiveAccount))
    warnings.push({
      id: "log-archive-account-is-no-source",
      message: `sourceAccounts does not have the log archive account ${logArchiveAccount} itself. If it is in one of targets.organizationalUnits (${organizationalUnits.join(", ")}), the bucket refuses its exports, and every run fails for it. Add it to sourceAccounts, or to targets.excludeAccounts.`,
    });
  return warnings;
}

function whyLogArchiveAccountIsLeftOut({ logArchiveAccount, targets, stackSet }: Configuration): string | undefined {
  const { includeAccounts, excludeAccounts, managementAccount } = targets;
  if (excludeAccounts.includes(logArchiveAccount)) return "targets.excludeAccounts has it";
  if (includeAccounts.length > 0 && !includeAccounts.includes(logArchiveAccount))
    return "targets.includeAccounts leaves it out";
  if (stackSet.callAs === "SELF" && managementAccount !== logArchiveAccount)
    return "it is the management account (stackSet.callAs is SELF), and targets.managementAccount does not name it";
  return undefined;
}

function managementAccountWarnings({ targets }: Configuration): Warning[] {
  if (targets.managementAccount) return [];
  return [
    {
      id: "management-account-is-left-out",
      message:
        "The management account is not archived: StackSets do not reach it. Set targets.managementAccount; until then every run's coverage reports it as skipped.",
    },
  ];
}

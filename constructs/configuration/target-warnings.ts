import type { Configuration } from "./index";

/** Something that is allowed, and may not be what was meant. */
export interface Warning {
  readonly id: string;
  readonly message: string;
}

/** What the targets leave out, or may leave out, without anybody having said so. */
export function targetWarnings({ logArchiveAccount, targets, stackSet }: Configuration): Warning[] {
  const { organizationalUnits, includeAccounts, excludeAccounts, managementAccount } = targets;
  const warnings: Warning[] = [];
  const left = excludeAccounts.includes(logArchiveAccount) ? "targets.excludeAccounts has it" : notIncluded();
  if (left)
    warnings.push({
      id: "log-archive-account-is-left-out",
      message: `The log archive account ${logArchiveAccount} itself is not archived: ${left}.`,
    });
  else if (managementAccount !== logArchiveAccount && !organizationalUnits.some((unit) => unit.startsWith("r-")))
    warnings.push({
      id: "log-archive-account-may-be-left-out",
      message: `The log archive account ${logArchiveAccount} itself is archived only if it is in one of targets.organizationalUnits (${organizationalUnits.join(", ")}). If it is not, every run's coverage reports it as outside-targets.`,
    });
  if (!managementAccount)
    warnings.push({
      id: "management-account-is-left-out",
      message:
        "The management account is not archived: StackSets do not reach it. Set targets.managementAccount; until then every run's coverage reports it as skipped.",
    });
  return warnings;

  function notIncluded(): string | undefined {
    if (includeAccounts.length > 0 && !includeAccounts.includes(logArchiveAccount))
      return "targets.includeAccounts leaves it out";
    if (stackSet.callAs === "SELF" && managementAccount !== logArchiveAccount)
      return "it is the management account (stackSet.callAs is SELF), and targets.managementAccount does not name it";
    return undefined;
  }
}

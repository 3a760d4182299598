import type { Notice } from "../archive/records";
import type { OrganizationAccount } from "../clients/organizations";
import type { Targets } from "../contract/settings";
import { isBelow } from "./selection";

/** The parts of the configured targets that no account of the organisation answers to. */
export function unmatchedTargets(accounts: readonly OrganizationAccount[], targets: Targets): Notice[] {
  const ids = new Set(accounts.map(({ id }) => id));
  const management = accounts.find(({ isManagementAccount }) => isManagementAccount)?.id;
  const absent = "The organisation has no such account.";
  const missing = (list: "includeAccounts" | "excludeAccounts") =>
    targets[list].flatMap((value, index) =>
      ids.has(value) ? [] : [{ setting: `targets.${list}[${index}]`, value, message: absent }],
    );
  const empty = targets.organizationalUnits.flatMap((value, index) =>
    accounts.some((account) => isBelow(account, [value]))
      ? []
      : [{ setting: `targets.organizationalUnits[${index}]`, value, message: "No account is below it." }],
  );
  const { managementAccount } = targets;
  const wrong =
    managementAccount && managementAccount !== management
      ? [
          {
            setting: "targets.managementAccount",
            value: managementAccount,
            message: `It is not the organisation's management account, which is ${management ?? "unknown"}.`,
          },
        ]
      : [];
  return [...empty, ...missing("includeAccounts"), ...missing("excludeAccounts"), ...wrong];
}

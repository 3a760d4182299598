import type { ConfigurationInput } from "../../../constructs/configuration";
import { externalId, logArchiveAccount, organizationId, otherRegion, region } from "./world";

/** All that a configuration can add to the policies. */
export const configuration: ConfigurationInput = {
  organizationId,
  logArchiveAccount,
  homeRegion: region,
  regions: [region, otherRegion],
  externalId,
  targets: { organizationalUnits: ["r-examplerootid111"] },
  logGroups: { excludeTag: { key: "archive", value: "false" } },
  lookbackDays: 1,
  encryption: "kms",
  objectLock: { mode: "GOVERNANCE", days: 30 },
  notify: { everyRun: true },
};

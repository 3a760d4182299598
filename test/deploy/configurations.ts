import type { ConfigurationInput } from "../../constructs/configuration";
import { example } from "./synthesise";

/** As little as a configuration can say. */
const oneRegion: ConfigurationInput = {
  organizationId: "o-abcdefghij",
  logArchiveAccount: "444455556666",
  homeRegion: "eu-west-1",
  regions: ["eu-west-1"],
  externalId: "one-region",
  targets: { organizationalUnits: ["ou-abcd-12345678"] },
};

/** All that a configuration can say about how data is kept and who is told. */
const threeRegions: ConfigurationInput = {
  organizationId: "o-abcdefghij",
  logArchiveAccount: "444455556666",
  homeRegion: "eu-central-1",
  regions: [
    "eu-central-1",
    { name: "us-east-1", schedule: { expression: "cron(0 9 * * ? *)", timeZone: "America/New_York" } },
    { name: "ap-southeast-2", schedule: { expression: "rate(12 hours)" } },
  ],
  externalId: "three-regions",
  targets: { organizationalUnits: ["r-abcd"], excludeAccounts: ["777777777777"], managementAccount: "999999999999" },
  stackSet: { retainOnRemoval: true },
  logGroups: { include: ["**"], exclude: ["/scratch/**"], excludeTag: { key: "archive", value: "false" } },
  schedule: { expression: "cron(30 14 * * ? *)", timeZone: "Europe/Berlin" },
  dayTimeZone: "Europe/Berlin",
  lookbackDays: 10,
  maxConcurrentAccounts: 200,
  encryption: "kms",
  objectLock: { mode: "COMPLIANCE", days: 365 },
  lifecycle: { transition: { storageClass: "GLACIER_IR", afterDays: 90 }, expireAfterDays: 2557 },
  notify: { emails: ["archive@example.com", "security@example.com"] },
};

/** A partition that has Regions and ARNs of its own. */
const usGov: ConfigurationInput = { ...threeRegions, homeRegion: "us-gov-west-1", regions: ["us-gov-west-1"] };

/** The configurations that every check of the deployment is made with. */
export const configurations = { example, oneRegion, threeRegions, usGov };

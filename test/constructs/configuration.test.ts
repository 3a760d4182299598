import { type ConfigurationInput, InvalidConfiguration, parseConfiguration } from "../../constructs/configuration";
import { isExample } from "../../constructs/configuration/examples";
import { example, warnings } from "../deploy/synthesise";

/** The message about a configuration that differs from the example. */
function refusal(changes: Record<string, unknown>): string {
  try {
    parseConfiguration({ ...example, ...changes });
  } catch (error) {
    if (error instanceof InvalidConfiguration) return error.message;
    throw error;
  }
  return "accepted";
}

const targets = (changes: Record<string, unknown>) => ({ targets: { ...example.targets, ...changes } });

test("what is not configured has a default", () => {
  expect(parseConfiguration(example)).toEqual({
    ...example,
    regions: ["eu-central-1", "us-east-1"].map((name) => ({
      name,
      schedule: { expression: "cron(30 13 * * ? *)", timeZone: "UTC" },
    })),
    stackSetRegion: "eu-central-1",
    targets: { organizationalUnits: ["r-examplerootid111"], includeAccounts: [], excludeAccounts: [] },
    stackSet: { callAs: "DELEGATED_ADMIN", retainOnRemoval: false },
    logGroups: { include: ["**"], exclude: [] },
    dayTimeZone: "UTC",
    lookbackDays: 7,
    maxConcurrentAccounts: 100,
    foreignTaskWaitMinutes: 120,
    bucketPolicy: "organization",
    sourceAccounts: [],
    encryption: "s3",
    notify: { emails: [], everyRun: false },
    signing: {},
    knownExceptions: [],
  });
});

test("a Region's own schedule takes from the common one what it does not say", () => {
  const schedule = { expression: "cron(0 14 * * ? *)", timeZone: "Europe/Berlin" };
  const { regions } = parseConfiguration({
    ...example,
    schedule,
    regions: ["eu-central-1", { name: "us-east-1", schedule: { timeZone: "America/New_York" } }],
  });
  expect(regions.map((region) => region.schedule)).toEqual([schedule, { ...schedule, timeZone: "America/New_York" }]);
});

const mistakes: [name: string, changes: Record<string, unknown>, message: string[]][] = [
  ["a missing field", { organizationId: undefined }, ["organizationId", "nothing", "o-exampleorgid", "Add it"]],
  [
    "a known exception of everything",
    { knownExceptions: [{ reason: "is noisy", until: "2026-12-31" }] },
    ["knownExceptions[0]", "an account, a log group or both"],
  ],
  [
    "a known exception without an end",
    { knownExceptions: [{ account: "111122223333", reason: "is noisy" }] },
    ["knownExceptions[0].until", "a day that exists"],
  ],
  ["a malformed organisation id", { organizationId: "r-abcd" }, ["organizationId", '"r-abcd"', "o-exampleorgid"]],
  ["a malformed account id", { logArchiveAccount: "1234" }, ["logArchiveAccount", '"1234"', "12 digits"]],
  ["an account id without quotes", { logArchiveAccount: 111122223333 }, ["logArchiveAccount", "text in quotes"]],
  ["a Region that does not exist", { regions: ["eu-central-1", "eu-centrl-1"] }, ["regions[1]\n", '"eu-centrl-1"']],
  [
    "a Region in China",
    { regions: ["eu-central-1", "cn-north-1"] },
    ["regions[1]\n", '"cn-north-1"', "not be in China"],
  ],
  [
    "opt-in Regions alone",
    { homeRegion: "eu-south-1", regions: ["eu-south-1", "ap-east-1"] },
    ["regions\n", '["eu-south-1","ap-east-1"]', "no account has to enable", "Add such a Region"],
  ],
  ["no Region", { regions: [] }, ["regions", "[]", "at least one"]],
  ["a Region twice", { regions: ["eu-central-1", "eu-central-1"] }, ["regions[1]", "each Region once"]],
  ["a home Region that is not archived", { homeRegion: "eu-west-1" }, ["homeRegion", "eu-central-1, us-east-1"]],
  [
    "Regions of two partitions",
    { regions: ["eu-central-1", "us-gov-west-1"] },
    ["regions", "us-gov-west-1", "partition aws"],
  ],
  ["an external id that STS refuses", { externalId: "a b" }, ["externalId", '"a b"', "2 to 1,224"]],
  [
    "no organisational unit",
    targets({ organizationalUnits: [] }),
    ["targets.organizationalUnits", "[]", "at least one"],
  ],
  ["a malformed unit", targets({ organizationalUnits: ["x"] }), ["targets.organizationalUnits[0]", '"x"', "ou-abcd-"]],
  [
    "an account that is included and excluded",
    targets({ includeAccounts: ["222222222222"], excludeAccounts: ["222222222222"] }),
    ["targets.excludeAccounts", "222222222222", "neither in targets.includeAccounts"],
  ],
  ["an account twice", targets({ excludeAccounts: ["222222222222", "222222222222"] }), ["excludeAccounts[1]", "once"]],
  [
    "more accounts by name than a run can be given",
    targets({ excludeAccounts: Array.from({ length: 16_001 }, (_, index) => String(500_000_000_000 + index)) }),
    ["targets", "16001 accounts", "at most 16000", "organizationalUnits"],
  ],
  ["a time zone that does not exist", { dayTimeZone: "Europe/Bonn" }, ["dayTimeZone", "Europe/Bonn", "IANA"]],
  ["an offset as time zone", { schedule: { timeZone: "+01:00" } }, ["schedule.timeZone", "IANA"]],
  ["a day of the month and one of the week", { schedule: { expression: "cron(30 13 * * * *)" } }, ["needs a ?"]],
  ["no log group to include", { logGroups: { include: [] } }, ["logGroups.include", "at least one glob"]],
  ["a glob that does not close", { logGroups: { exclude: ["/aws/{a"] } }, ["logGroups.exclude[0]", "/aws/{a"]],
  ["a glob that no name can match", { logGroups: { exclude: ["!/my group/**"] } }, ["logGroups.exclude[0]", "letters"]],
  ["a schedule of five fields", { schedule: { expression: "cron(30 13 * * ?)" } }, ["schedule.expression", "cron("]],
  ["an hour that does not exist", { schedule: { expression: "cron(30 25 * * ? *)" } }, ["schedule.expression", "25"]],
  ["a schedule of one time", { schedule: { expression: "at(2026-01-01T00:00:00)" } }, ["schedule.expression", "rate("]],
  ["a schedule that ends", { schedule: { expression: "cron(30 13 * * ? 2027)" } }, ["schedule.expression", "year"]],
  [
    "runs further apart than the look-back",
    { schedule: { expression: "cron(30 13 ? * SUN *)" }, lookbackDays: 6 },
    ["schedule.expression", "at most 6 days apart", "at least 7"],
  ],
  [
    "a Region's runs further apart than the look-back",
    { regions: ["eu-central-1", { name: "us-east-1", schedule: { expression: "rate(8 days)" } }] },
    ["regions[1].schedule.expression", "rate(8 days)", "at least 8"],
  ],
  ["a look-back of no days", { lookbackDays: 0 }, ["lookbackDays", "0", "from 1 to 31"]],
  ["unbounded accounts", { maxConcurrentAccounts: 0 }, ["maxConcurrentAccounts", "0", "from 1 to 1000"]],
  ["more accounts than Lambda runs", { maxConcurrentAccounts: 1001 }, ["maxConcurrentAccounts", "from 1 to 1000"]],
  ["a wait that is no number", { foreignTaskWaitMinutes: "2h" }, ["foreignTaskWaitMinutes", '"2h"', "minutes"]],
  ["an unknown bucket policy", { bucketPolicy: "org" }, ["bucketPolicy", '"org"', "organization", "accounts"]],
  ["the accounts form without accounts", { bucketPolicy: "accounts" }, ["sourceAccounts", "[]", "at least one"]],
  ["accounts without the accounts form", { sourceAccounts: ["222222222222"] }, ["sourceAccounts", "bucketPolicy"]],
  [
    "an included account that is no source account",
    { ...targets({ includeAccounts: ["333333333333"] }), bucketPolicy: "accounts", sourceAccounts: ["222222222222"] },
    ["sourceAccounts", "Add 333333333333"],
  ],
  [
    "the root together with units below it",
    targets({ organizationalUnits: ["r-abcd", "ou-abcd-12345678"] }),
    ["targets.organizationalUnits", "the root r-abcd alone", "Remove the root"],
  ],
  [
    "a management account that is the log archive account, managed by a delegated administrator",
    targets({ managementAccount: example.logArchiveAccount }),
    ["stackSet.callAs", "DELEGATED_ADMIN", "SELF if logArchiveAccount is the management account"],
  ],
  [
    "a management account that manages the StackSet from another account",
    { ...targets({ managementAccount: "999999999999" }), stackSet: { callAs: "SELF" } },
    ["stackSet.callAs", "SELF", "DELEGATED_ADMIN if not"],
  ],
  ["an unknown encryption", { encryption: "dsse" }, ["encryption", '"dsse"', '"s3" or "kms"', "dual-layer"]],
  ["an unknown lock", { objectLock: { mode: "LEGAL", days: 1 } }, ["objectLock.mode", '"LEGAL"', "GOVERNANCE"]],
  ["a lock without a mode", { objectLock: { days: 1 } }, ["objectLock.mode", "nothing", "Add it"]],
  ["a lock without days", { objectLock: { mode: "COMPLIANCE" } }, ["objectLock.days", "nothing", "from 1 to 36500"]],
  ["a lock of no days", { objectLock: { mode: "COMPLIANCE", days: 0 } }, ["objectLock.days", "0", "from 1 to 36500"]],
  [
    "a size that moves nothing sooner",
    { lifecycle: { transition: { storageClass: "INTELLIGENT_TIERING", afterDays: 1, objectSizeGreaterThan: 1000 } } },
    ["lifecycle.transition.objectSizeGreaterThan", "1000", "at least 131072 bytes", "GLACIER_IR"],
  ],
  [
    "a size that is none",
    { lifecycle: { transition: { storageClass: "GLACIER_IR", afterDays: 1, objectSizeGreaterThan: -1 } } },
    ["lifecycle.transition.objectSizeGreaterThan", "-1", "whole number of bytes from 0"],
  ],
  [
    "a lifecycle of event files that does nothing",
    { eventFiles: {} },
    ["eventFiles", "expireAfterDays", "eventFiles."],
  ],
  [
    "event files that expire while they are locked",
    { objectLock: { mode: "GOVERNANCE", days: 30 }, eventFiles: { expireAfterDays: 7 } },
    ["eventFiles.expireAfterDays", "7", "GOVERNANCE", "lock for 7 days at most"],
  ],
  ["a lifecycle that does nothing", { lifecycle: {} }, ["lifecycle", "transition, expireAfterDays or both"]],
  [
    "a storage class that Athena does not read",
    { lifecycle: { transition: { storageClass: "DEEP_ARCHIVE", afterDays: 90 } } },
    ["lifecycle.transition.storageClass", '"DEEP_ARCHIVE"', "STANDARD_IA, ONEZONE_IA, INTELLIGENT_TIERING, GLACIER_IR"],
  ],
  [
    "a transition that S3 refuses as too early",
    { lifecycle: { transition: { storageClass: "STANDARD_IA", afterDays: 29 } } },
    ["lifecycle.transition.afterDays", "29", "at least 30 days", "GLACIER_IR"],
  ],
  [
    "an expiry before the transition",
    { lifecycle: { transition: { storageClass: "INTELLIGENT_TIERING", afterDays: 90 }, expireAfterDays: 90 } },
    ["lifecycle.expireAfterDays", "90", "at least 91 days"],
  ],
  [
    "an expiry before the days that a class charges for",
    { lifecycle: { transition: { storageClass: "GLACIER_IR", afterDays: 30 }, expireAfterDays: 119 } },
    ["lifecycle.expireAfterDays", "119", "at least 120 days"],
  ],
  [
    "an expiry under a compliance lock",
    { objectLock: { mode: "COMPLIANCE", days: 365 }, lifecycle: { expireAfterDays: 364 } },
    ["lifecycle.expireAfterDays", "364", "at least objectLock.days (365)", "COMPLIANCE"],
  ],
  [
    "an expiry under a governance lock",
    { objectLock: { mode: "GOVERNANCE", days: 30 }, lifecycle: { expireAfterDays: 7 } },
    ["lifecycle.expireAfterDays", "7", "GOVERNANCE", "lock for 7 days at most"],
  ],
  ["no e-mail address", { notify: { emails: ["security"] } }, ["notify.emails[0]", '"security"', "logs@example.com"]],
  [
    "an e-mail address twice",
    { notify: { emails: ["a@example.com", "A@example.com"] } },
    ["notify.emails[1]", "each address once"],
  ],
  [
    "a signing key by its alias",
    { signing: { keyArn: "arn:aws:kms:eu-central-1:444455556666:alias/signing" } },
    ["signing.keyArn", "alias/signing", "ARN of an asymmetric KMS key"],
  ],
  [
    "a signing key of another partition",
    { signing: { keyArn: "arn:aws-us-gov:kms:us-gov-west-1:444455556666:key/1234" } },
    ["signing.keyArn", "the partition aws"],
  ],
  [
    "digests copied beside themselves",
    { digestCopies: { bucket: `org-log-archive-${example.logArchiveAccount}-us-east-1` } },
    ["digestCopies.bucket", "another bucket than the archive's"],
  ],
  ["a bucket that is none", { digestCopies: { bucket: "Digests" } }, ["digestCopies.bucket", '"Digests"', "3 to 63"]],
  ["access logs of no days", { accessLogs: { expireAfterDays: 0 } }, ["accessLogs.expireAfterDays", "0", "from 1"]],
  ["a setting that does not exist", { lookBackDays: 3 }, ["lookBackDays", "3", "lookbackDays", "correct its name"]],
  [
    "a nested setting that does not exist",
    { stackSet: { callas: "SELF" } },
    ["stackSet.callas", "callAs, retainOnRemoval"],
  ],
  [
    "a setting of a Region that does not exist",
    { regions: [{ name: "eu-central-1", at: 1 }] },
    ["regions[0].at", "name, schedule"],
  ],
];

test.each(mistakes)("%s is refused with the field, the value and what is allowed", (_, changes, message) => {
  const refused = refusal(changes);
  for (const part of message) expect(refused).toContain(part);
});

test("every mistake is named at once", () => {
  const refused = refusal({ organizationId: "x", lookbackDays: 99, notify: { email: "x" } });
  for (const field of ["- organizationId", "- lookbackDays", "- notify.email"]) expect(refused).toContain(field);
});

test.each(["cron(30 13 * * ? *)", "cron(*/15 * * * ? *)", "cron(0 14 ? * MON-FRI *)", "rate(1 day)", "rate(12 hours)"])(
  "the schedule %s is accepted",
  (expression) => expect(refusal({ schedule: { expression } })).toBe("accepted"),
);

test("a week-long gap is covered by a look-back of seven days", () =>
  expect(refusal({ schedule: { expression: "cron(30 13 ? * SUN *)" } })).toBe("accepted"));

const kept: [name: string, changes: Record<string, unknown>][] = [
  ["a lock alone", { objectLock: { mode: "GOVERNANCE", days: 1 } }],
  [
    "an expiry on the day the lock ends",
    { objectLock: { mode: "COMPLIANCE", days: 7 }, lifecycle: { expireAfterDays: 7 } },
  ],
  ["the earliest transition", { lifecycle: { transition: { storageClass: "STANDARD_IA", afterDays: 30 } } }],
  [
    "the earliest expiry after a transition",
    { lifecycle: { transition: { storageClass: "GLACIER_IR", afterDays: 0 }, expireAfterDays: 90 } },
  ],
];

test.each(kept)("%s is accepted", (_, changes) => expect(refusal(changes)).toBe("accepted"));

const accountsForm = (sourceAccounts: string[], changes: Record<string, unknown> = {}) => ({
  ...targets(changes),
  bucketPolicy: "accounts" as const,
  sourceAccounts,
});
const other = "222222222222";

test.each([
  ["of the root", accountsForm([other])],
  ["of what may be its unit", accountsForm([other], { organizationalUnits: ["ou-abcd-12345678"] })],
])(
  "a log archive account %s that is no source account is warned of: the bucket would refuse its exports",
  (_, changes) =>
    expect(warnings(changes)).toContainEqual(
      expect.stringContaining(`sourceAccounts does not have the log archive account ${example.logArchiveAccount}`),
    ),
);

test.each([
  ["is a source account", accountsForm([other, example.logArchiveAccount])],
  ["is excluded", accountsForm([other], { excludeAccounts: [example.logArchiveAccount] })],
  ["is not included", accountsForm([other], { includeAccounts: [other] })],
  ["is trusted with its organisation", {}],
])("there is no warning of a log archive account's exports where it %s", (_, changes) =>
  expect(warnings(changes)).not.toContainEqual(expect.stringContaining("sourceAccounts")),
);

test("a configuration is an example while one of its values is", () => {
  const own: ConfigurationInput = {
    ...example,
    organizationId: "o-abcdefghij",
    logArchiveAccount: "444455556666",
    externalId: "ours",
    targets: { organizationalUnits: ["r-abcd"] },
  };
  expect(isExample(parseConfiguration(own))).toBe(false);
  for (const field of ["organizationId", "logArchiveAccount", "externalId", "targets"] as const)
    expect(isExample(parseConfiguration({ ...own, [field]: example[field] }))).toBe(true);
});

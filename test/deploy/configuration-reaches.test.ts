import { z } from "zod";
import type { ConfigurationInput } from "../../constructs/configuration";
import { ConfigurationShape } from "../../constructs/configuration/schema";
import type { KnownException } from "../../handlers/contract/settings";
import { synthesise } from "./synthesise";

const moved = { storageClass: "GLACIER_IR" as const, afterDays: 90, objectSizeGreaterThan: 65_536 };

/** A configuration in which every key has a value, but for those that exclude each other. */
const base: ConfigurationInput = {
  organizationId: "o-abcdefghij",
  logArchiveAccount: "444455556666",
  homeRegion: "eu-central-1",
  regions: [{ name: "eu-central-1", schedule: { expression: "rate(12 hours)", timeZone: "UTC" } }],
  externalId: "external-id",
  targets: {
    organizationalUnits: ["r-abcd"],
    includeAccounts: ["222222222222"],
    excludeAccounts: [],
    managementAccount: "999999999999",
  },
  stackSet: { callAs: "DELEGATED_ADMIN", retainOnRemoval: false },
  logGroups: { include: ["**"], exclude: ["/scratch/**"], excludeTag: { key: "archive", value: "false" } },
  schedule: { expression: "cron(30 14 * * ? *)", timeZone: "Europe/Berlin" },
  dayTimeZone: "Europe/Berlin",
  lookbackDays: 10,
  maxConcurrentAccounts: 200,
  foreignTaskWaitMinutes: 60,
  bucketPolicy: "organization",
  encryption: "kms",
  objectLock: { mode: "COMPLIANCE", days: 365 },
  lifecycle: { transition: moved, expireAfterDays: 2557 },
  eventFiles: { transition: moved, expireAfterDays: 2557 },
  notify: { emails: ["archive@example.com"], everyRun: false },
  signing: { keyArn: "arn:aws:kms:eu-central-1:555566667777:key/1234abcd" },
  digestCopies: { bucket: "copies-of-digests" },
  accessLogs: { expireAfterDays: 400 },
  knownExceptions: [{ account: "333333333333", logGroup: "/app", reason: "is being closed", until: "2026-12-31" }],
};

type Change =
  | Partial<ConfigurationInput>
  | readonly [from: Partial<ConfigurationInput>, to: Partial<ConfigurationInput>];

const known = (change: Partial<KnownException>): Partial<ConfigurationInput> => ({
  knownExceptions: (base.knownExceptions ?? []).map((exception) => ({ ...exception, ...change })),
});
const { targets, stackSet, logGroups, notify } = base;
const inRegion = (schedule: object) => ({ regions: [{ name: "eu-central-1", schedule }] });
const common = (schedule: object): Partial<ConfigurationInput> => ({ regions: ["eu-central-1"], schedule });

function lifecycleChanges(of: "lifecycle" | "eventFiles"): Record<string, Change> {
  return {
    [`${of}.transition.storageClass`]: {
      [of]: { ...base[of], transition: { ...moved, storageClass: "STANDARD_IA" } },
    },
    [`${of}.transition.afterDays`]: { [of]: { ...base[of], transition: { ...moved, afterDays: 91 } } },
    [`${of}.transition.objectSizeGreaterThan`]: {
      [of]: { ...base[of], transition: { ...moved, objectSizeGreaterThan: 65_537 } },
    },
    [`${of}.expireAfterDays`]: { [of]: { ...base[of], expireAfterDays: 2558 } },
  };
}

/** What a change to each key is, and where it needs one that the base does not have, what it changes. */
const changes: Readonly<Record<string, Change>> = {
  organizationId: { organizationId: "o-otherorgid1" },
  logArchiveAccount: { logArchiveAccount: "777788889999" },
  homeRegion: [
    { regions: ["eu-central-1", "us-east-1"] },
    { regions: ["eu-central-1", "us-east-1"], homeRegion: "us-east-1" },
  ],
  "regions[].name": { regions: [{ name: "eu-west-1" }], homeRegion: "eu-west-1" },
  "regions[].schedule.expression": inRegion({ expression: "rate(6 hours)", timeZone: "UTC" }),
  "regions[].schedule.timeZone": inRegion({ expression: "rate(12 hours)", timeZone: "Asia/Tokyo" }),
  externalId: { externalId: "another-id" },
  "targets.organizationalUnits[]": { targets: { ...targets, organizationalUnits: ["ou-abcd-12345678"] } },
  "targets.includeAccounts[]": { targets: { ...targets, includeAccounts: ["333333333333"] } },
  "targets.excludeAccounts[]": { targets: { ...targets, excludeAccounts: ["333333333333"] } },
  "targets.managementAccount": { targets: { ...targets, managementAccount: "888888888888" } },
  "stackSet.callAs": [
    { targets: { ...targets, managementAccount: undefined } },
    { targets: { ...targets, managementAccount: undefined }, stackSet: { ...stackSet, callAs: "SELF" } },
  ],
  // Where accounts are listed, there is no automatic deployment, and what it would retain is of no consequence.
  "stackSet.retainOnRemoval": [
    { targets: { ...targets, includeAccounts: [] } },
    { targets: { ...targets, includeAccounts: [] }, stackSet: { ...stackSet, retainOnRemoval: true } },
  ],
  "logGroups.include[]": { logGroups: { ...logGroups, include: ["/app/**"] } },
  "logGroups.exclude[]": { logGroups: { ...logGroups, exclude: ["/tmp/**"] } },
  "logGroups.excludeTag.key": { logGroups: { ...logGroups, excludeTag: { key: "keep", value: "false" } } },
  "logGroups.excludeTag.value": { logGroups: { ...logGroups, excludeTag: { key: "archive", value: "no" } } },
  "schedule.expression": [common({ expression: "rate(1 day)" }), common({ expression: "rate(8 hours)" })],
  "schedule.timeZone": [common({ timeZone: "UTC" }), common({ timeZone: "Asia/Tokyo" })],
  dayTimeZone: { dayTimeZone: "Asia/Tokyo" },
  lookbackDays: { lookbackDays: 11 },
  maxConcurrentAccounts: { maxConcurrentAccounts: 201 },
  foreignTaskWaitMinutes: { foreignTaskWaitMinutes: 61 },
  bucketPolicy: { bucketPolicy: "accounts", sourceAccounts: ["222222222222", "999999999999"] },
  "sourceAccounts[]": [
    { bucketPolicy: "accounts", sourceAccounts: ["222222222222", "999999999999"] },
    { bucketPolicy: "accounts", sourceAccounts: ["222222222222", "999999999999", "555555555555"] },
  ],
  encryption: { encryption: "s3" },
  "objectLock.mode": { objectLock: { mode: "GOVERNANCE", days: 365 } },
  "objectLock.days": { objectLock: { mode: "COMPLIANCE", days: 366 } },
  ...lifecycleChanges("lifecycle"),
  ...lifecycleChanges("eventFiles"),
  "notify.emails[]": { notify: { ...notify, emails: ["other@example.com"] } },
  "notify.everyRun": { notify: { ...notify, everyRun: true } },
  "signing.keyArn": { signing: { keyArn: "arn:aws:kms:eu-central-1:555566667777:key/5678efab" } },
  "digestCopies.bucket": { digestCopies: { bucket: "other-copies-of-digests" } },
  "accessLogs.expireAfterDays": { accessLogs: { expireAfterDays: 401 } },
  "knownExceptions[].account": known({ account: "555555555555" }),
  "knownExceptions[].logGroup": known({ logGroup: "/web" }),
  "knownExceptions[].reason": known({ reason: "belongs to another team" }),
  "knownExceptions[].until": known({ until: "2027-12-31" }),
};

/** The keys of a schema that hold values, by path: `regions[].schedule.timeZone`. */
function keysOf(schema: z.core.$ZodType, path = ""): string[] {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodNullable
  )
    return keysOf(schema.unwrap(), path);
  if (schema instanceof z.ZodPipe) return keysOf(schema.out, path);
  if (schema instanceof z.ZodArray) return keysOf(schema.element, `${path}[]`);
  if (!(schema instanceof z.ZodObject)) return [path];
  return Object.entries(schema.shape).flatMap(([key, member]) => keysOf(member, path === "" ? key : `${path}.${key}`));
}

const keys = keysOf(ConfigurationShape);

test("every key that the configuration takes has a change here", () => {
  expect(keys.length).toBeGreaterThan(30);
  expect(Object.keys(changes).sort()).toEqual([...keys].sort());
});

/** The templates but for the configuration's fingerprint, which every key changes. */
function acting(configuration: ConfigurationInput): unknown {
  const text = JSON.stringify(synthesise(configuration));
  expect(text).toContain('"CONFIGURATION_SHA256":');
  return JSON.parse(text.replaceAll(/"CONFIGURATION_SHA256":"[0-9a-f]{64}",?/g, ""));
}

test.each(keys)("%s changes a template: it reaches where it acts", (key) => {
  const change = changes[key] ?? {};
  const [from, to] = Array.isArray(change) ? change : [{}, change];
  expect(acting({ ...base, ...to })).not.toEqual(acting({ ...base, ...from }));
});

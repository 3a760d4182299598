import pMap from "p-map";
import { configurationSha256 } from "../../../constructs/configuration/fingerprint";
import {
  archiveKeyAlias,
  configurationOutput,
  scheduleName,
  signingKeyAlias,
  stackNames,
} from "../../../constructs/names";
import { archiveBucketName } from "../../../handlers/archive/layout";
import { RoleRefused } from "../../../handlers/clients/role-session";
import type { Check, RegionPorts } from "./check";
import { policyDrift, settingsDrift } from "./deployed-bucket";

/** Accounts that are entered at a time. */
const concurrency = 48;

/** What is asked in each Region. */
export const regionChecks: readonly Check<RegionPorts>[] = [
  {
    name: "stack",
    asks: "Is the Region's stack deployed, from this configuration?",
    means: "What runs is not what cdk.json says.",
    cure: "npm run deploy.",
    run: async ({ configuration, region, stacks }) => {
      const name = stackNames.region(region.name);
      const stack = await stacks.stack(name);
      if (!stack) return [`There is no stack ${name}.`];
      const isWhole = stack.status.endsWith("_COMPLETE") && !stack.status.includes("ROLLBACK");
      const isThis = stack.outputs[configurationOutput] === configurationSha256(configuration);
      return [
        ...(isWhole ? [] : [`The stack is ${stack.status}.`]),
        ...(isThis ? [] : ["It was deployed from another configuration."]),
      ];
    },
  },
  {
    name: "bucket",
    asks: "Are the bucket's versions, lock, encryption, lifecycle and access logs as they were deployed?",
    means: "The archive keeps less than it promises, or keeps it for another time.",
    cure: "CloudTrail tells who changed it. Set it back by hand: a deployment does not see what it did not do itself.",
    run: async ({ configuration, region, bucket, template }) => {
      const settings = await bucket.settings();
      if (settings === "denied") throw Object.assign(new Error("s3:GetBucket* is denied"), { name: "AccessDenied" });
      return settingsDrift(await template(), archiveBucketName(configuration.logArchiveAccount, region.name), settings);
    },
  },
  {
    name: "bucket-policy",
    asks: "Is the bucket policy as it was deployed?",
    means: "CloudWatch Logs or the member roles may not write, or others may write and delete.",
    cure: "CloudTrail tells who changed it (PutBucketPolicy). Set it back by hand.",
    run: async ({ configuration, region, bucket, template }) =>
      policyDrift(
        await template(),
        archiveBucketName(configuration.logArchiveAccount, region.name),
        await bucket.policy(),
      ),
  },
  {
    name: "keys",
    asks: "Are the keys that encrypt the archive and sign its digests enabled?",
    means: "Nothing can be written and read, or no run is signed.",
    cure: "Enable the key, or cancel its deletion: an encrypted archive cannot be read without its key.",
    run: async ({ configuration: { encryption, signing }, setup }) => {
      const keys = [...(encryption === "kms" ? [archiveKeyAlias] : []), signing.keyArn ?? signingKeyAlias];
      const states = await pMap(keys, async (key) => [key, await setup.keyState(key)] as const);
      return states
        .filter(([, state]) => state !== "Enabled")
        .map(([key, state]) => `${key} is ${state ?? "not there, or another account's that lets no one describe it"}.`);
    },
  },
  {
    name: "schedule",
    asks: "Is the schedule on, and as configured?",
    means: "Runs do not start, or at another time.",
    cure: "Deploy the Region's stack again, which restores the schedule.",
    run: async ({ region, setup }) => {
      const schedule = await setup.schedule(scheduleName);
      if (!schedule) return [`There is no schedule ${scheduleName}.`];
      const { expression, timeZone } = region.schedule;
      const isSame = schedule.expression === expression && schedule.timeZone === timeZone;
      return [
        ...(schedule.isEnabled ? [] : ["It is disabled."]),
        ...(isSame
          ? []
          : [`It is ${schedule.expression} ${schedule.timeZone}, configured as ${expression} ${timeZone}.`]),
      ];
    },
  },
  {
    name: "lambda-concurrency",
    asks: "Does Lambda have room for as many accounts at once as maxConcurrentAccounts says?",
    means: "Functions are throttled, and runs take longer: every account that is exported needs an execution.",
    cure: "Set maxConcurrentAccounts to what there is or less, or ask AWS for more (Service Quotas, Concurrent executions).",
    run: async ({ configuration: { maxConcurrentAccounts }, setup }) => {
      const room = await setup.concurrentExecutions();
      return room >= maxConcurrentAccounts
        ? []
        : [`There are ${room} concurrent executions; maxConcurrentAccounts is ${maxConcurrentAccounts}.`];
    },
  },
  {
    name: "member-role",
    asks: "Can the member role be assumed in every account that is archived, and may it look at the log groups?",
    means: "The accounts named fail in every run.",
    cure: "role: see stack-set, and whether an SCP denies sts:AssumeRole; where the stack instance is well, the role was deleted or changed in the account: make the instance anew (docs/runbook.md, the member role). Region: the account has to enable it, or be excluded.",
    run: async ({ accounts, instances, look, onProgress }) => {
      const archived = (await accounts()).filter(({ skipped }) => !skipped);
      const problems: string[] = [];
      let done = 0;
      const check = async ({ id, name }: (typeof archived)[number]) => {
        try {
          await look(id);
        } catch (error) {
          // Without the operators' role no account can be entered: that is one problem, not one for each.
          if (!(error instanceof Error) || error instanceof RoleRefused) throw error;
          const instance = (await instances().catch(() => undefined))?.get(id);
          const why = instance ? `; its stack instance is ${instance.status} ${instance.reason}`.trimEnd() : "";
          problems.push(`${id} ${name}: ${error.name}: ${error.message}${why}`);
        }
        done += 1;
        onProgress(done, archived.length);
      };
      await pMap(archived, check, { concurrency });
      return problems.sort();
    },
  },
];

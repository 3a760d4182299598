import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Credentials } from "../../../apps/emulator";
import type { ConfigurationInput } from "../../../constructs/configuration";
import type { Emulated } from "../../handlers/support/emulated";
import { configuration, logArchive } from "../../handlers/support/organisation";
import { managedPolicy } from "../../policies/support/deployed";

const folders: string[] = [];

/** Writes a `cdk.json` of a configuration. */
export function cdkJsonOf(configuration: ConfigurationInput): string {
  const folder = mkdtempSync(join(tmpdir(), "org-log-archive-cdk-json-"));
  folders.push(folder);
  const file = join(folder, "cdk.json");
  writeFileSync(file, JSON.stringify({ context: { orgLogArchive: configuration } }));
  return file;
}

/** For `afterAll`. */
export function removeCdkJsons(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
}

/** The environment of a person who is signed in to nothing. */
export const withoutCredentials = {
  AWS_ACCESS_KEY_ID: "",
  AWS_SECRET_ACCESS_KEY: "",
  AWS_SESSION_TOKEN: "",
  AWS_PROFILE: "",
  AWS_EC2_METADATA_DISABLED: "true",
  HOME: "/nonexistent",
};

/** The environment of an administrator of the log archive account. */
export function asOperator(emulated: Emulated, account = logArchive): Record<string, string> {
  return environmentOf(emulated.credentials(account));
}

/** The environment of a role of the log archive account with these of the deployed managed policies, and no other. */
export function asRoleWith(emulated: Emulated, ...names: readonly string[]): Record<string, string> {
  const { stacks } = emulated.deploy(configuration);
  const policies = names.flatMap((name) => managedPolicy(stacks, name));
  const trustPolicy = { Version: "2012-10-17", Statement: [] };
  const { arn } = emulated.cloud.iam.createRole({ account: logArchive, name: "Operator", trustPolicy, policies });
  return environmentOf(emulated.cloud.iam.issueCredentials(arn, "operator"));
}

function environmentOf({ accessKeyId, secretAccessKey, sessionToken }: Credentials): Record<string, string> {
  return { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken };
}

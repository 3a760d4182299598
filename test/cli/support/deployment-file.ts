import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ConfigurationInput } from "../../../constructs/configuration";
import type { Emulated } from "../../handlers/support/emulated";
import { logArchive } from "../../handlers/support/organisation";

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

/** The environment of an administrator of the log archive account. */
export function asOperator(emulated: Emulated, account = logArchive): Record<string, string> {
  const { accessKeyId, secretAccessKey, sessionToken } = emulated.credentials(account);
  return { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken };
}

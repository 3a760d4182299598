import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { type Configuration, parseConfiguration } from "../../constructs/configuration";

/** Of this project. */
export const cdkJson = join(__dirname, "..", "..", "cdk.json");

/** The context of `cdk.json`: the configuration and the CDK's feature flags. */
export function readContext(path = cdkJson): Record<string, unknown> {
  return z.object({ context: z.record(z.string(), z.unknown()) }).parse(JSON.parse(readFileSync(path, "utf8"))).context;
}

/** @throws {InvalidConfiguration} */
export function readConfiguration(path = cdkJson): Configuration {
  return parseConfiguration(readContext(path).orgLogArchive);
}

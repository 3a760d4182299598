import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { SynthesisMessageLevel } from "aws-cdk-lib/cx-api";
import { buildApp } from "../../apps/deploy/build-app";
import { readContext } from "../../apps/deploy/cdk-json";
import { InvalidConfiguration, parseConfiguration } from "../../constructs/configuration";
import type { Problem } from "../../constructs/configuration/invalid-configuration";
import type { AssembledTemplate } from "./assembly";

/** Loaded outside of Jest's modules, once in a process instead of once in a test file: the CDK takes long to load. */

/**
 * Writes what `cdk synth` writes, and `stacks.json` beside it: all of it or nothing. What takes long and `npm run synth` does
 * anyway is left out: the CDK's rules, stack traces and, unless it is asked for, the functions' code. Returns what is wrong
 * with the configuration: errors are not of the caller's realm.
 */
export function synthesiseTo(directory: string, input: unknown, code: boolean): readonly Problem[] {
  mkdirSync(dirname(directory), { recursive: true });
  const outdir = mkdtempSync(`${directory}-`);
  try {
    const app = buildApp(parseConfiguration(input), {
      outdir,
      analyticsReporting: false,
      builtinCloudFormationValidation: false,
      context: {
        ...readContext(),
        "aws:cdk:disable-stack-trace": true,
        ...(code ? {} : { "aws:cdk:bundling-stacks": [] }),
      },
    });
    const stacks = app.synth().stacks.map(({ stackName, environment, template, messages }): AssembledTemplate => {
      const warnings = messages.filter(({ level }) => level === SynthesisMessageLevel.WARNING);
      return {
        stackName,
        region: environment.region,
        template,
        warnings: warnings.map(({ entry }) => String(entry.data)),
      };
    });
    writeFileSync(join(outdir, "stacks.json"), JSON.stringify(stacks));
    renameSync(outdir, directory);
    return [];
  } catch (error) {
    if (error instanceof InvalidConfiguration) return error.problems;
    // Another process was first.
    if (existsSync(directory)) return [];
    throw error;
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

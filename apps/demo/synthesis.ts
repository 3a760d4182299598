import type { Configuration } from "../../constructs/configuration";
import { buildApp } from "../deploy/build-app";
import { readContext } from "../deploy/cdk-json";

/** Synthesises the app as `cdk synth` does, and returns the assembly's folder. */
export function synthesize(configuration: Configuration, outdir: string): string {
  const app = buildApp(configuration, {
    outdir,
    context: readContext(),
    analyticsReporting: false,
    // The emulator refuses what it cannot deploy; the CDK's own validation takes longer than all the rest.
    builtinCloudFormationValidation: false,
  });
  return app.synth().directory;
}

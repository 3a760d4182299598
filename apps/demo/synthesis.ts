import type { Configuration } from "../../constructs/configuration";
import { buildApp } from "../deploy/build-app";
import { readContext } from "../deploy/cdk-json";

/** Synthesises the app as `cdk synth` does, and returns the assembly's folder. */
export function synthesize(configuration: Configuration, outdir: string): string {
  // The emulator refuses what it cannot deploy; the CDK's own validation takes longer than all the rest.
  process.env.CDK_VALIDATION = "false";
  // Of the npx that starts the bundler.
  process.env.npm_config_loglevel ??= "error";
  return quietly(() => {
    const app = buildApp(configuration, { outdir, context: readContext(), analyticsReporting: false });
    return app.synth().directory;
  });
}

/** The CDK names every function that it bundles on stderr: worth reading only if it fails. */
function quietly<T>(work: () => T): T {
  const write = process.stderr.write;
  const kept: (string | Uint8Array)[] = [];
  process.stderr.write = (text: string | Uint8Array) => kept.push(text) > 0;
  try {
    return work();
  } catch (error) {
    for (const text of kept) write.call(process.stderr, text);
    throw error;
  } finally {
    process.stderr.write = write;
  }
}

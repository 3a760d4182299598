import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Stack } from "aws-cdk-lib";
import { type AssetCode, Code } from "aws-cdk-lib/aws-lambda";
import type { Construct } from "constructs";
import { buildSync } from "esbuild";
import { sha256Hex } from "../../handlers/archive/hashing";
import { type FunctionName, functionNames } from "../names";

const projectRoot = join(__dirname, "..", "..");

/**
 * A handler of `handlers/<functionName>/` with all that it imports in one file, `index.js`; its sources alone, if the scope's
 * stack is not to be bundled. The same sources give the same bytes.
 */
export function handlerCode(scope: Construct, functionName: FunctionName): AssetCode {
  const folder = Stack.of(scope).bundlingRequired ? bundles() : join(projectRoot, "handlers");
  return Code.fromAsset(join(folder, functionName));
}

/**
 * SHA-256, in hex, of all handlers' code: of the lines `<function name> SPACE <SHA-256 of its index.js> NEWLINE`, in the order of
 * the names. All zeros where a synthesis leaves the code out.
 */
export function codeSha256(scope: Construct): string {
  if (!Stack.of(scope).bundlingRequired) return "0".repeat(64);
  const code = (name: FunctionName) => readFileSync(join(bundles(), name, "index.js"));
  return sha256Hex(
    [...functionNames]
      .sort()
      .map((name) => `${name} ${sha256Hex(code(name))}\n`)
      .join(""),
  );
}

let made: string | undefined;

/** A folder for each handler, of the sources as they were when the first was asked for. It goes when the process ends. */
function bundles(): string {
  if (made === undefined) {
    const folder = mkdtempSync(join(tmpdir(), "org-log-archive-bundles-"));
    process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
    // In one go: most of their sources are the same.
    buildSync({
      absWorkingDir: projectRoot,
      entryPoints: functionNames.map((name) => ({ in: join("handlers", name, "index.ts"), out: join(name, "index") })),
      outdir: folder,
      // The bundle is all that runs: also where Lambda's own copy of the SDK is another one, or there is no Lambda.
      bundle: true,
      platform: "node",
      target: "node20",
      format: "cjs",
      // ES modules first: what is not used of them stays out.
      mainFields: ["module", "main"],
      minify: true,
      logLevel: "error",
    });
    made = folder;
  }
  return made;
}

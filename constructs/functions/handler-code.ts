import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { AssetHashType, DockerImage } from "aws-cdk-lib";
import { type AssetCode, Code } from "aws-cdk-lib/aws-lambda";
import { buildSync } from "esbuild";
import { type FunctionName, functionNames } from "../names";

const projectRoot = join(__dirname, "..", "..");
/** As Lambda finds a handler's file in `<file>.<export>`. */
const file = "index.js";

/** A handler of `handlers/<functionName>/`, with all that it imports, in one file. The same sources give the same bytes. */
export function handlerCode(functionName: FunctionName): AssetCode {
  return Code.fromAsset(join(projectRoot, "handlers", functionName), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Never pulled: the bundler runs here.
      image: DockerImage.fromRegistry("none"),
      local: {
        tryBundle(folder) {
          writeFileSync(join(folder, file), bundle(functionName));
          return true;
        },
      },
    },
  });
}

/** Of the sources as they were when the first was asked for. */
let bundles: ReadonlyMap<string, Uint8Array> | undefined;

/** All in one go, as most of their sources are the same. */
function bundle(functionName: FunctionName): Uint8Array {
  bundles ??= new Map(
    buildSync({
      absWorkingDir: projectRoot,
      entryPoints: functionNames.map((name) => ({ in: join("handlers", name, "index.ts"), out: name })),
      outdir: "bundles",
      write: false,
      bundle: true,
      // The bundle is all that runs: also where Lambda's own copy of the SDK is another one, or there is no Lambda.
      platform: "node",
      target: "node20",
      format: "cjs",
      // ES modules first: what is not used of them stays out.
      mainFields: ["module", "main"],
      minify: true,
      logLevel: "error",
    }).outputFiles.map(({ path, contents }) => [path, contents]),
  );
  const contents = bundles.get(join(projectRoot, "bundles", `${functionName}.js`));
  if (!contents) throw new Error(`The bundler made no code of handlers/${functionName}`);
  return contents;
}

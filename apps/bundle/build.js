// @ts-check
const {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} = require("node:fs");
const { dirname, join, relative, sep } = require("node:path");
const esbuild = require("esbuild");
const { folder, nameOf, root } = require("./index.js");

/** Builds the tool. Several processes may do so at once: what is complete is moved to its place. */

/** In a bundle, a source's folder is still where its assets are. Every output lies in the bundle's folder itself. */
const ownFolder = {
  name: "own-folder",
  /** @param {import("esbuild").PluginBuild} build */
  setup(build) {
    build.onLoad({ filter: /[/\\](apps|handlers)[/\\].*\.[jt]s$/ }, ({ path }) => {
      const source = readFileSync(path, "utf8");
      if (path.includes(`${sep}node_modules${sep}`) || !source.includes("__dirname")) return undefined;
      const own = JSON.stringify(relative(root, dirname(path)).split(sep).join("/"));
      return {
        contents: source.replaceAll("__dirname", `(projectRoot + ${own})`),
        loader: path.endsWith(".ts") ? "ts" : "js",
      };
    });
  },
};

/** A CommonJS library that is imported is read twice, once for its names: by `require` it is read once, which takes half the time. */
const byRequire = {
  name: "by-require",
  /** @param {import("esbuild").PluginBuild} build */
  setup(build) {
    build.onResolve({ filter: /^@duckdb\/node-bindings$/ }, ({ path, kind }) =>
      kind === "require-call" ? { path, external: true } : { path, namespace: "by-require" },
    );
    build.onLoad({ filter: /.*/, namespace: "by-require" }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(path)});`,
    }));
  },
};

const banner = `
import { createRequire as makeRequire } from "node:module";
import { fileURLToPath as pathOfUrl } from "node:url";
const projectRoot = pathOfUrl(new URL("../../../../", import.meta.url));
const require = makeRequire(projectRoot);`;

async function build() {
  mkdirSync(folder, { recursive: true });
  const outdir = mkdtempSync(join(folder, "building-"));
  const { metafile } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: {
      main: "apps/cli/main.ts",
      worker: "apps/query/worker.ts",
      "day-worker": "apps/verify/day-worker.ts",
      "hash-worker": "apps/verify/hash-worker.ts",
      fetch: "apps/cli/bucket/fetch-now.ts",
    },
    outdir,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    banner: { js: banner },
    // DuckDB is a native library, and is loaded by those commands that ask it something.
    plugins: [ownFolder, byRequire],
    metafile: true,
    logLevel: "error",
  });
  // Who installs it is not always who uses it.
  chmodSync(outdir, 0o755);
  writeFileSync(join(outdir, "package.json"), JSON.stringify({ type: "module" }));
  const sources = Object.keys(metafile.inputs)
    .filter((source) => !source.startsWith("node_modules/") && !source.startsWith("by-require:"))
    .sort();
  const name = nameOf(sources);
  if (name === undefined) throw new Error("A source was removed while the tool was built");
  try {
    renameSync(outdir, join(folder, name));
  } catch {
    // Another process was faster, with the same result.
    rmSync(outdir, { recursive: true });
  }
  const temporary = join(folder, `${name}.${process.pid}.json`);
  writeFileSync(temporary, JSON.stringify({ name, sources }));
  renameSync(temporary, join(folder, "current.json"));
  removeOld(name);
}

/**
 * Removes what no process can still be reading.
 * @param {string} current
 */
function removeOld(current) {
  const dayAgo = Date.now() - 86_400_000;
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (![current, "current.json"].includes(name) && statSync(path).mtimeMs < dayAgo) rmSync(path, { recursive: true });
  }
}

build().catch((error) => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
});

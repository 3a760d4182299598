// @ts-check
const { execFileSync } = require("node:child_process");
const { createHash } = require("node:crypto");
const { existsSync, readFileSync } = require("node:fs");
const { join } = require("node:path");

/**
 * The tool as it is started: one bundle of the TypeScript sources, made on the first use and whenever a source has changed.
 * Plain JavaScript, because it runs before anything that reads TypeScript.
 */

const root = join(__dirname, "..", "..");
const folder = join(root, "node_modules", ".cache", "org-log-archive");

/** @returns {string} the folder of the bundle: `main.js` is the tool, `worker.js` reads objects for it, `fetch.js` fetches them. */
function bundleFolder() {
  const bundle = freshBundle();
  if (bundle) return bundle;
  execFileSync(process.execPath, [join(__dirname, "build.js")], { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  const built = freshBundle();
  if (built) return built;
  throw new Error(`The tool could not be built in ${folder}. Run \`npm ci\` in ${root}.`);
}

/** @returns {string | undefined} */
function freshBundle() {
  const current = join(folder, "current.json");
  if (!existsSync(current)) return undefined;
  /** @type {{ name: string, sources: string[] }} */
  const { name, sources } = JSON.parse(readFileSync(current, "utf8"));
  return name === nameOf(sources) ? join(folder, name) : undefined;
}

/**
 * A bundle's name says what it was made of: its sources, how, with which packages, and for which Node.js.
 * @param {readonly string[]} sources paths below the root
 * @returns {string | undefined} undefined if a source is gone
 */
function nameOf(sources) {
  const hash = createHash("sha256").update(process.version);
  for (const source of ["package-lock.json", "apps/bundle/build.js", ...sources]) {
    const path = join(root, source);
    if (!existsSync(path)) return undefined;
    hash.update(`\0${source}\0`).update(readFileSync(path));
  }
  return hash.digest("hex").slice(0, 16);
}

module.exports = { bundleFolder, folder, nameOf, root };

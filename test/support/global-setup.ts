import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import { shareFolder } from "./shared-folder";

/** A new folder for every run of Jest: what is in it is always of the sources as they are. */
export default function setUp(): void {
  forgetSources();
  shareFolder(mkdtempSync(join(tmpdir(), "org-log-archive-tests-")));
}

/** Those that were loaded outside of Jest's modules, in an earlier run that this process watched. */
function forgetSources(): void {
  const root = join(__dirname, "..", "..") + sep;
  for (const path of Object.keys(require.cache))
    if (path.startsWith(root) && !path.startsWith(`${root}node_modules${sep}`)) delete require.cache[path];
}

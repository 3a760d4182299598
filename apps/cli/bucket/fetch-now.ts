import { CachedFolder, Missing } from "./cached-folder";
import { CachedBucket } from "./fetching";
import { bucketAtAws } from "./remote";

/** A process of its own, for which another one waits: `<root> <what is missing, as JSON>`. Prints the names of folders. */
async function main(root: string, missing: Missing): Promise<void> {
  const folder = new CachedFolder(root, missing.bucket, () => []);
  const bucket = new CachedBucket(bucketAtAws(missing.bucket), folder, () => {});
  if (missing.kind === "objects") await bucket.fetchAll([missing.prefix]);
  const folders = missing.kind === "folders" ? await bucket.folders(missing.prefix) : [];
  process.stdout.write(JSON.stringify(folders));
}

const [root = "", text = ""] = process.argv.slice(2);
const missing = Missing.parse(JSON.parse(text));
main(root, missing).catch(async (error: unknown) => {
  const { explain } = await import("../errors");
  process.stderr.write(
    explain(error, { command: "query", given: { bucket: [missing.bucket] }, environment: process.env }).text,
  );
  process.exitCode = 1;
});

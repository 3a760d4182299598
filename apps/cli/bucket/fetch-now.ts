import { CachedFolder, Missing } from "./cached-folder";
import { CachedBucket } from "./fetching";
import { bucketAtAws } from "./remote";

/** A process of its own, for which another one waits: `<root> <what is missing, as JSON>`. Prints the names of folders. */
async function main([root = "", text = ""]: readonly string[]): Promise<void> {
  const missing = Missing.parse(JSON.parse(text));
  const folder = new CachedFolder(root, missing.bucket, () => []);
  const bucket = new CachedBucket(bucketAtAws(missing.bucket), folder, () => {});
  if (missing.kind === "objects") await bucket.fetchAll([missing.prefix]);
  const folders = missing.kind === "folders" ? await bucket.folders(missing.prefix) : [];
  process.stdout.write(JSON.stringify(folders));
}

main(process.argv.slice(2)).catch(async (error: unknown) => {
  const { explain } = await import("../errors");
  process.stderr.write(explain(error).text);
  process.exitCode = 1;
});

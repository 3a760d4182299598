import { type BucketFolder, bucketFolders } from "../apps/archive/folder";
import { ArchiveDatabase } from "../apps/archive/query/archive-database";
import { standingCoverage } from "../apps/archive/records";
import { verify } from "../apps/cli/verify/verify";
import { accountIds, days } from "./archive";

/** One measurement in a process of its own, so that its memory is its own: prints a JSON line. */

/** What was handled: objects of the archive, and bytes where they were read. */
interface Handled {
  readonly objects: number;
  readonly bytes?: number;
  readonly rows?: number;
}

const measurements: Readonly<Record<string, (bucket: BucketFolder) => Promise<Handled>>> = {
  list: async (bucket) => ({ objects: [...bucket.list("")].length }),
  coverage: async (bucket) => {
    let rows = 0;
    for await (const lines of standingCoverage(bucket)) rows += lines.length;
    return { objects: rows, rows };
  },
  verify: (bucket) => verifyAll(bucket, false),
  "verify --deep": (bucket) => verifyAll(bucket, true),
  "query of an account's day": (bucket) =>
    query(bucket, `SELECT * FROM events WHERE account = '${accountIds[7]}' AND day = '${days[3]?.day}'`),
  "query of everything": (bucket) => query(bucket, "SELECT * FROM events"),
};

async function verifyAll(bucket: BucketFolder, deep: boolean): Promise<Handled> {
  const { findings, objects, bytes } = await verify(bucket, { range: {}, deep, verified: new Set(), onDay: () => {} });
  if (findings.length > 0) throw new Error(`The archive is damaged: ${JSON.stringify(findings[0])}`);
  return { objects, bytes };
}

async function query(bucket: BucketFolder, sql: string): Promise<Handled> {
  const database = await ArchiveDatabase.open([bucket]);
  const { batches } = await database.ask({ sql });
  let rows = 0;
  for await (const batch of batches) rows += batch.length;
  database.close();
  return { ...database.read, rows };
}

async function main([name = "", folder = ""]: readonly string[]): Promise<void> {
  const [bucket] = bucketFolders(folder);
  const measure = measurements[name];
  if (!bucket || !measure) throw new Error(`There is no ${name} or no archive in ${folder}`);
  const began = performance.now();
  const handled = await measure(bucket);
  const seconds = (performance.now() - began) / 1000;
  const peakMegabytes = Math.round(process.resourceUsage().maxRSS / 1024);
  process.stdout.write(`${JSON.stringify({ name, ...handled, seconds, peakMegabytes })}\n`);
}

export const measurementNames = Object.keys(measurements);

if (require.main === module) void main(process.argv.slice(2));

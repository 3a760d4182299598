import { ArchiveDatabase } from "../apps/query/archive-database";
import { verify } from "../apps/verify/verify";
import { readExpectations } from "../handlers/archive/expectations";
import { folderStores } from "../handlers/archive/folder-store";
import { standingCoverage } from "../handlers/archive/standing-coverage";
import { accountIds, days, large } from "./archive";
import { CountedFolder } from "./counted-folder";

/** One measurement in a process of its own, so that its memory is its own: prints a JSON line. */

/** What came of it, besides what the folder has counted. */
interface Handled {
  /** Lines of coverage, or rows of an answer. */
  readonly rows?: number;
  /** What a query has read itself. */
  readonly objects?: number;
  readonly bytes?: number;
}

const measurements: Readonly<Record<string, (bucket: CountedFolder) => Promise<Handled>>> = {
  list: async (bucket) => {
    bucket.files("");
    return {};
  },
  coverage: async (bucket) => {
    let rows = 0;
    const expectations = await readExpectations(bucket, {}, "unrecorded", (error) => {
      throw error;
    });
    for await (const lines of standingCoverage(bucket, {}, expectations)) rows += lines.length;
    return { rows };
  },
  verify: (bucket) => verifyAll(bucket, false),
  "verify --deep": (bucket) => verifyAll(bucket, true),
  "query of an account's day": (bucket) =>
    query(bucket, `SELECT * FROM events WHERE account = '${accountIds[7]}' AND day = '${days[3]?.day}'`),
  "query of a large object": (bucket) =>
    query(
      bucket,
      `SELECT * FROM events WHERE account = '${large.account}' AND day = '${large.day}' AND log_group = '${large.logGroup}'`,
    ),
  "query of everything": (bucket) => query(bucket, "SELECT * FROM events"),
};

async function verifyAll(bucket: CountedFolder, deep: boolean): Promise<Handled> {
  const { findings } = await verify(bucket, {
    range: {},
    keys: [],
    heads: [],
    deep,
    verified: new Set(),
    onDay: () => {},
  });
  if (findings.length > 0) throw new Error(`The archive is damaged: ${JSON.stringify(findings[0])}`);
  return {};
}

async function query(bucket: CountedFolder, sql: string): Promise<Handled> {
  const database = await ArchiveDatabase.open([bucket]);
  const { batches } = await database.ask({ sql });
  let rows = 0;
  for await (const batch of batches) rows += batch.length;
  database.close();
  return { ...database.read, rows };
}

async function main([name = "", folder = ""]: readonly string[]): Promise<void> {
  const [found] = folderStores(folder);
  const measure = measurements[name];
  if (!found || !measure) throw new Error(`There is no ${name} or no archive in ${folder}`);
  const bucket = new CountedFolder(folder, found.bucket);
  const began = performance.now();
  const { rows, objects = 0, bytes = 0 } = await measure(bucket);
  const seconds = (performance.now() - began) / 1000;
  const peakMegabytes = Math.round(process.resourceUsage().maxRSS / 1024);
  const { counts } = bucket;
  const read = { listed: counts.listed, objects: counts.objects + objects, bytes: counts.bytes + bytes };
  process.stdout.write(`${JSON.stringify({ name, ...read, rows, seconds, peakMegabytes })}\n`);
}

export const measurementNames = Object.keys(measurements);

if (require.main === module) void main(process.argv.slice(2));

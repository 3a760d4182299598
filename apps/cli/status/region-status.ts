import { readNewestHead } from "../../../handlers/archive/digest-chain";
import type { Head } from "../../../handlers/archive/digests";
import { type Expectations, type MissedRun, readExpectations } from "../../../handlers/archive/expectations";
import { regionOfBucket } from "../../../handlers/archive/layout";
import type { CoverageLine } from "../../../handlers/archive/records";
import { standingCoverage } from "../../../handlers/archive/standing-coverage";
import type { ArchiveReader } from "../../../handlers/archive/store";
import { newestRun, type RunState, readRunState } from "./run-state";

/** How a Region's archive is. */
export interface RegionStatus {
  readonly region: string;
  readonly run?: RunState;
  /** The oldest item that stands as failed. */
  readonly oldest?: CoverageLine & { readonly accountName?: string };
  /** The scheduled run that should have begun by now. */
  readonly missed?: MissedRun;
  /** The newest digest. */
  readonly head?: Head;
}

/**
 * Reads how a Region's archive is.
 * @param runId the newest run, if absent
 * @param now epoch milliseconds
 * @param before what the look before found: while a run goes on, only its own records are read again
 */
export async function readStatus(
  store: ArchiveReader,
  runId: string | undefined,
  now: number,
  before?: RegionStatus,
): Promise<RegionStatus> {
  const asked = runId ?? before?.run?.runId ?? (await newestRun(store));
  const run = asked === undefined ? undefined : await readRunState(store, asked, now);
  const open = before && run?.status === "running" ? before : await readOpen(store, now);
  const head = await readNewestHead(store);
  const region = regionOfBucket(store.bucket) ?? store.bucket;
  return { ...open, region, ...(run ? { run } : {}), ...(head ? { head } : {}) };
}

async function readOpen(store: ArchiveReader, now: number): Promise<Pick<RegionStatus, "oldest" | "missed">> {
  const expectations = await readExpectations(store, {}, "unrecorded", () => {}, { now });
  const [oldest, missed] = [await oldestOpen(store, expectations), expectations.missed()];
  return { ...(oldest ? { oldest } : {}), ...(missed ? { missed } : {}) };
}

/** The days come in order: what is open on the first that has something is the oldest. */
async function oldestOpen(store: ArchiveReader, expectations: Expectations): Promise<RegionStatus["oldest"]> {
  for await (const lines of standingCoverage(store, {}, expectations)) {
    const open = lines.filter(({ outcome }) => outcome === "failed");
    const [first] = open.sort((a, b) => (`${a.account} ${a.logGroup}` < `${b.account} ${b.logGroup}` ? -1 : 1));
    if (!first) continue;
    const accountName = expectations.names.of(first.account);
    return accountName ? { ...first, accountName } : first;
  }
  return undefined;
}

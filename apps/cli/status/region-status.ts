import { digestSequences, readNewestHead } from "../../../handlers/archive/digest-chain";
import type { Head } from "../../../handlers/archive/digests";
import type { Due } from "../../../handlers/archive/due";
import { type Expectations, type MissedRun, readExpectations } from "../../../handlers/archive/expectations";
import { knownUntil } from "../../../handlers/archive/known-exceptions";
import { regionOfBucket } from "../../../handlers/archive/layout";
import { type LostDigest, lostDigests, readRunHead, watchedDigests } from "../../../handlers/archive/lost-digests";
import type { CoverageLine } from "../../../handlers/archive/records";
import { standingCoverage } from "../../../handlers/archive/standing-coverage";
import type { ArchiveReader } from "../../../handlers/archive/store";
import { type Cell, cellsOf } from "../coverage/calendar";
import { type LostNext, lostNextOf } from "../coverage/lost-next";
import { type RunState, readRunState, runsInOrder } from "./run-state";

/** How a Region's archive is. */
export interface RegionStatus {
  readonly region: string;
  readonly run?: RunState;
  /** The oldest item that stands as failed, and is no known exception. */
  readonly oldest?: CoverageLine & { readonly accountName?: string };
  /** Items that stand as failed and are known exceptions. */
  readonly known: number;
  /** What CloudWatch Logs deletes next of what stands as failed, soonest first. */
  readonly lostNext: readonly LostNext[];
  /** The scheduled run that should have begun by now. */
  readonly missed?: MissedRun;
  /** The newest digest. */
  readonly head?: Head;
  /** Digests that were written, and are not there any more or are other ones: of the newest. */
  readonly lost: readonly LostDigest[];
}

export interface StatusLook {
  /** Whether runs write what is looked at: in a copy none is missed. */
  readonly isLive?: boolean;
  /** What the look before found: while a run goes on, only its own records are read again. */
  readonly before?: RegionStatus | undefined;
}

/**
 * Reads how a Region's archive is.
 * @param runId the newest run, if absent
 * @param now epoch milliseconds
 */
export async function readStatus(
  store: ArchiveReader,
  runId: string | undefined,
  now: number,
  { isLive = true, before }: StatusLook = {},
): Promise<RegionStatus> {
  const known = runId ?? before?.run?.runId;
  const runs = known === undefined ? await runsInOrder(store) : [known];
  const asked = runs.at(-1);
  const run = asked === undefined ? undefined : await readRunState(store, asked, now);
  const isFollowed = before !== undefined && run?.status === "running";
  const open = isFollowed ? before : await readOpen(store, isLive ? { now } : {});
  const lost = isFollowed ? before.lost : await lostOf(store, runs.slice(-watchedDigests));
  const head = await readNewestHead(store);
  const region = regionOfBucket(store.bucket) ?? store.bucket;
  return { ...open, region, ...(run ? { run } : {}), ...(head ? { head } : {}), lost };
}

async function lostOf(store: ArchiveReader, runs: readonly string[]): Promise<LostDigest[]> {
  const heads = await Promise.all(runs.map((runId) => readRunHead(store, runId)));
  const { digests } = await digestSequences(store);
  const readable = heads.filter((head) => head !== undefined && head !== "unreadable");
  return lostDigests(store, readable, digests);
}

async function readOpen(
  store: ArchiveReader,
  due: Due,
): Promise<Pick<RegionStatus, "oldest" | "known" | "missed" | "lostNext">> {
  const expectations = await readExpectations(store, {}, "unrecorded", () => {}, due);
  let oldest: RegionStatus["oldest"];
  let known = 0;
  const cells: Cell[] = [];
  // The days come in order: what is open on the first that has something is the oldest.
  for await (const lines of standingCoverage(store, {}, expectations)) {
    const failed = lines.filter(({ outcome }) => outcome === "failed");
    const open = failed.filter((line) => knownUntil(line, expectations.judgedOn) === undefined);
    known += failed.length - open.length;
    oldest ??= firstOf(open, expectations);
    cells.push(...cellsOf(failed));
  }
  const missed = expectations.missed();
  const lostNext = lostNextOf({ cells, accounts: namedIn(expectations) });
  return { ...(oldest ? { oldest } : {}), known, ...(missed ? { missed } : {}), lostNext };
}

function firstOf(open: readonly CoverageLine[], { names }: Expectations): RegionStatus["oldest"] {
  const [first] = [...open].sort((a, b) => (`${a.account} ${a.logGroup}` < `${b.account} ${b.logGroup}` ? -1 : 1));
  const accountName = first && names.of(first.account);
  return first && accountName ? { ...first, accountName } : first;
}

function namedIn({ names }: Expectations): { readonly id: string; readonly name: string }[] {
  return names.entries().map(([id, name]) => ({ id, name }));
}

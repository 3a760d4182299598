import * as z from "zod";
import { type Digest, headOf, leavesOf, parseDigest } from "../archive/digests";
import { type BoundObject, sha256Hex } from "../archive/hashing";
import { digestKey, headKey, reportKey } from "../archive/layout";
import { lossText, readRunHead } from "../archive/lost-digests";
import { parseRecord, UnreadableRecord } from "../archive/serialization";
import { type ArchiveReader, readText } from "../archive/store";
import type { SignDigestOutput } from "../contract/messages";
import { Timestamp } from "../contract/values";
import { type BoundRun, bindRun } from "./bind-run";
import { knownRuns } from "./dead-runs";
import { type DigestContent, type DigestPorts, DigestWriter } from "./digest-writer";

export interface SigningPorts extends DigestPorts {
  readonly region: string;
  readonly deployed: Pick<Digest, "configurationSha256" | "codeSha256">;
  /** Milliseconds until the function is ended. */
  readonly remainingMs: () => number;
}

/** What is left for the run itself when runs before it are bound first. */
const ownMs = 8 * 60_000;

/** Runs without a digest that are bound beside the run itself, so that an old archive comes into the chain bit by bit. */
const mostOthers = 10;

/**
 * Binds a run into the signed chain, complete or not: first those that ended without a digest, then the run itself. A run that
 * has left more since its digest, because it was redriven, gets another one for that. Digests that are lost are named: the chain
 * goes on behind them, and what they bound is not signed a second time, because it may have been changed since.
 */
export async function signDigest(runId: string, ports: SigningPorts): Promise<SignDigestOutput> {
  const { archive, clock, remainingMs } = ports;
  const { heads, withoutDigest } = await knownRuns(archive, clock.now());
  const writer = await DigestWriter.open(ports, heads);
  const others = withoutDigest.filter((list) => list.runId !== runId);
  for (const { runId: other, deadline } of others.slice(0, mostOthers))
    if (remainingMs() > ownMs) await bind(writer, other, await endOf(archive, other, deadline), ports);
  await bind(writer, runId, new Date(clock.now()).toISOString(), ports);
  const { newest, lost } = writer;
  if (!newest) throw new TypeError("A chain to which a digest was appended has one");
  const { sequence, sha256 } = headOf(newest);
  return { digest: newest.key, head: { sequence, sha256 }, loss: lossText(lost) };
}

async function bind(
  writer: DigestWriter,
  runId: string,
  endedAt: string,
  { archive, region, deployed }: SigningPorts,
): Promise<void> {
  const bound = await bindRun(archive, runId);
  const { accounts, report, list } = bound;
  const left = await unbound(archive, bound);
  if (!left) return;
  const days = list.days.map(({ day }) => day).sort();
  const content: DigestContent = {
    region,
    runId,
    startedAt: list.startedAt,
    endedAt,
    accounts,
    report,
    days,
    ...left,
    ...deployed,
  };
  await writer.append(content);
}

/** What no digest of the run has bound yet; undefined if that is nothing. */
async function unbound(
  archive: ArchiveReader,
  { list, report, seals, coverage, records }: BoundRun,
): Promise<Pick<Digest, "seals" | "coverage" | "records"> | undefined> {
  const head = await readRunHead(archive, list.runId);
  if (head === undefined) return { seals, coverage, records };
  if (head === "unreadable")
    throw new UnreadableRecord(`${headKey(list.runId)} does not say which digest binds the run`);
  const key = digestKey(head.sequence);
  const bytes = await archive.read(key);
  if (!bytes || sha256Hex(bytes) !== head.sha256)
    throw new UnreadableRecord(
      `${key}, which binds the run, is lost: what the run has left since is signed once it is back`,
    );
  const { digest } = parseDigest(key, bytes);
  const leaves = leavesOf(digest, digest.leaves && (await archive.read(digest.leaves.key)));
  const known = new Set([...leaves.seals, ...leaves.coverage, ...leaves.records].map((leaf) => leaf.key));
  const left = (objects: readonly BoundObject[]) => objects.filter((object) => !known.has(object.key));
  const rest = { seals: left(seals), coverage: left(coverage), records: left(records) };
  const isNew =
    Object.values(rest).some((objects) => objects.length > 0) || (report !== null && digest.report === null);
  return isNew ? rest : undefined;
}

const EndOfReport = z.object({ finishedAt: Timestamp });

/** When a run ended that cannot tell any more: with its report, or at the latest when its time was over. */
async function endOf(archive: ArchiveReader, runId: string, deadline: string): Promise<string> {
  const key = reportKey(runId);
  const text = await readText(archive, key);
  return text === undefined ? deadline : parseRecord(EndOfReport, key, text).finishedAt;
}

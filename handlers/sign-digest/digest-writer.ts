import { previousOf } from "../archive/chain";
import { readDigest } from "../archive/digest-chain";
import { type Digest, digestLink, headOf, parseDigest, type StoredDigest, serializeDigest } from "../archive/digests";
import { digestKey, headKey, signatureKey } from "../archive/layout";
import type { LostDigest, RunHead } from "../archive/lost-digests";
import { UnreadableRecord } from "../archive/serialization";
import type { ArchiveStore, ContentType } from "../archive/store";
import type { Clock } from "../clock";
import { chainEnd, type Place } from "./chain-end";

/** What signs the SHA-256 of a digest. */
export interface Signer {
  /** Of its key. */
  readonly arn: string;
  /** @returns DER */
  sign(digest: Uint8Array): Promise<Uint8Array>;
}

export interface DigestPorts {
  readonly archive: ArchiveStore;
  /** Where each digest is written as well, under the same key. */
  readonly copies: Pick<ArchiveStore, "putOnce"> | undefined;
  readonly signer: Signer;
  readonly clock: Clock;
}

/** What a digest says wherever in the chain it comes to lie. */
export type DigestContent = Omit<
  Digest,
  "version" | "sequence" | "bucket" | "key" | "previousSha256" | "leaves" | "keyArn"
>;

/** How often a writer looks whether another one, which has begun the digest of the same sequence, has written it. */
const looks = 10;
const betweenLooksMs = 500;

/** The chain of a bucket's digests, which grows at its end. Every digest but the last is complete, whatever died. */
export class DigestWriter {
  private last: StoredDigest | undefined;

  private constructor(
    private readonly ports: DigestPorts,
    /** Written once, and not there any more. */
    readonly lost: readonly LostDigest[],
    /** What the next digest follows. */
    private place: Place | undefined,
  ) {}

  /**
   * Opens the chain, and completes what a death has left of its last digest.
   * @param heads of all runs: what they name, and is lost, is followed as if it were there
   * @throws {UnreadableRecord} if the last one is no digest, or does not follow the one before it: nothing is signed after it.
   */
  static async open(ports: DigestPorts, heads: readonly RunHead[]): Promise<DigestWriter> {
    const { lost, newest, before } = await chainEnd(ports.archive, heads);
    if (before !== "unknown") {
      const writer = new DigestWriter(ports, lost, before);
      if (newest) await writer.follow(newest);
      return writer;
    }
    // What the last one follows is lost, and nothing but itself says what that was.
    if (!newest?.digest.previousSha256) throw new UnreadableRecord("Nothing says what the next digest follows");
    const { sequence, previousSha256 } = newest.digest;
    const writer = new DigestWriter(ports, lost, { number: sequence - 1, sha256: previousSha256 });
    await writer.follow(newest);
    return writer;
  }

  /** The newest digest; undefined where there is none. */
  get newest(): StoredDigest | undefined {
    return this.last;
  }

  /** Writes and signs a digest at the chain's end. What others write meanwhile is completed, and comes before it. */
  async append(content: DigestContent): Promise<StoredDigest> {
    for (;;) {
      const { number: sequence, previousSha256 } = previousOf(this.place);
      const body = await this.serialize(sequence, previousSha256, content);
      const key = digestKey(sequence);
      const isOwn = body !== undefined && (await this.put(key, body, "application/json"));
      const stored = isOwn ? parseDigest(key, Buffer.from(body)) : await readDigest(this.ports.archive, sequence);
      await this.follow(stored);
      if (isOwn) return stored;
    }
  }

  /** The bytes of the digest, with its leaves in their own object if they are many; undefined if another has the sequence. */
  private async serialize(
    sequence: number,
    previousSha256: string | null,
    content: DigestContent,
  ): Promise<string | undefined> {
    const { archive, signer } = this.ports;
    const place = { sequence, bucket: archive.bucket, key: digestKey(sequence) };
    const { region, runId, startedAt, endedAt, ...rest } = content;
    const run = { region, runId, startedAt, endedAt };
    const digest = { version: 1, ...place, ...run, previousSha256, ...rest, keyArn: signer.arn } as const;
    const { body, leaves } = serializeDigest(digest);
    if (!leaves || (await this.put(leaves.key, leaves.body, "application/x-ndjson"))) return body;
    // Another writer's: it is about to write this digest, or has died. The digest of its successor has its leaves in itself.
    return (await this.appears(sequence)) ? undefined : JSON.stringify(digest);
  }

  private async appears(sequence: number): Promise<boolean> {
    const { archive, clock } = this.ports;
    for (let look = 0; look < looks; look += 1) {
      if ((await archive.read(digestKey(sequence))) !== undefined) return true;
      await clock.sleep(betweenLooksMs);
    }
    return false;
  }

  /** Whether these bytes are there now, under this key. */
  private async put(key: string, body: string, type: ContentType): Promise<boolean> {
    const { archive } = this.ports;
    if ((await archive.putOnce(key, body, type)) === "written") return true;
    return (await archive.read(key))?.equals(Buffer.from(body)) ?? false;
  }

  /** Makes a digest the chain's last: signs it unless it is signed, copies it, and leaves its head beside the run's report. */
  private async follow(stored: StoredDigest): Promise<void> {
    const { archive, copies, signer } = this.ports;
    const { key, sha256, digest } = stored;
    if (digest.bucket !== archive.bucket) throw new UnreadableRecord(`${key} is of bucket ${digest.bucket}`);
    if (digest.previousSha256 !== previousOf(this.place).previousSha256)
      throw new UnreadableRecord(`${key} does not follow the digest before it`);
    const place = signatureKey(digest.sequence);
    if ((await archive.read(place)) === undefined) {
      const signature = await signer.sign(Buffer.from(sha256, "hex"));
      await archive.putOnce(place, signature, "application/octet-stream");
    }
    if (copies) {
      // The digest last, so that one which is there has what belongs to it.
      await this.copy(place, "application/octet-stream");
      if (digest.leaves) await this.copy(digest.leaves.key, "application/x-ndjson");
      await this.copy(key, "application/json");
    }
    await archive.putOnce(headKey(digest.runId), JSON.stringify(headOf(stored)), "application/json");
    this.last = stored;
    this.place = digestLink(stored);
  }

  private async copy(key: string, type: ContentType): Promise<void> {
    const bytes = await this.ports.archive.read(key);
    if (!bytes) throw new UnreadableRecord(`${key} is not in the archive`);
    await this.ports.copies?.putOnce(key, bytes, type);
  }
}

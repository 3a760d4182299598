import { verify } from "node:crypto";
import { SigningKey } from "../../../apps/emulator";
import { chainFaults } from "../../../handlers/archive/chain";
import { digestLink, headOf, leavesOf, parseDigest, type StoredDigest } from "../../../handlers/archive/digests";
import { sha256Hex } from "../../../handlers/archive/hashing";
import {
  accountListKey,
  coverageKey,
  digestsRoot,
  headKey,
  outcomesKey,
  parseDigestKey,
  reportKey,
  signatureKey,
} from "../../../handlers/archive/layout";
import type { AccountList } from "../../../handlers/archive/records";
import { type ArchiveStore, readText } from "../../../handlers/archive/store";
import { type SigningPorts, signDigest } from "../../../handlers/sign-digest/sign-digest";
import { MemoryBucket } from "../archive/support/memory-bucket";
import { account, coverageLine, region, utcDay } from "./examples";
import { yesterday } from "./organisation";

const keyArn = "arn:aws:kms:eu-central-1:200000000000:key/1";
const signingKey = new SigningKey(7, keyArn);

/** An archive in memory with runs that have ended and that nothing has signed, for what takes no wire. */
export class Signable {
  /** What the archive holds, for a test to damage. */
  readonly objects = new Map<string, Buffer>();
  readonly archive: ArchiveStore = new MemoryBucket("bucket", this.objects);
  /** Epoch milliseconds. */
  now = Date.parse("2026-11-20T14:00:00.000Z");

  /** Leaves a run in the archive that covered yesterday, with so many records. */
  async run(runId: string, records = 2): Promise<void> {
    const startedAt = new Date(this.now).toISOString();
    const deadline = new Date(this.now + 3_600_000).toISOString();
    const list: AccountList = {
      ...{ version: 1, runId, startedAt, deadline, days: [utcDay(yesterday)], lastChanceDays: [] },
      accounts: [{ id: account, name: "web", state: "ACTIVE" }],
      notices: [],
    };
    const put = (key: string, body: string) => this.archive.putOnce(key, body, "application/json");
    await put(accountListKey(runId), JSON.stringify(list));
    for (let step = 0; step < records; step += 1) await put(outcomesKey(runId, account, step, "request"), `${step}`);
    await put(coverageKey(yesterday, account, runId, 1), JSON.stringify(coverageLine({ runId })));
    await put(reportKey(runId), JSON.stringify({ finishedAt: startedAt }));
  }

  sign(runId: string, changes: Partial<SigningPorts> = {}) {
    const clock = { now: () => this.now, sleep: async () => {} };
    const ports: SigningPorts = {
      archive: this.archive,
      region,
      clock,
      copies: undefined,
      signer: { arn: keyArn, sign: async (hash) => signingKey.sign(hash) },
      deployed: { configurationSha256: sha256Hex("configuration"), codeSha256: sha256Hex("code") },
      remainingMs: () => 900_000,
      ...changes,
    };
    return signDigest(runId, ports);
  }

  async keys(prefix: string): Promise<string[]> {
    const keys: string[] = [];
    for await (const { key } of this.archive.list(prefix)) keys.push(key);
    return keys;
  }

  /** The chain, which has to be whole, signed, and to bind every record of the archive exactly once. */
  async expectWhole(): Promise<StoredDigest[]> {
    const digests: StoredDigest[] = [];
    const bound: string[] = [];
    for (const key of await this.keys(digestsRoot)) {
      if (parseDigestKey(key)?.kind !== "digest") continue;
      const bytes = await this.archive.read(key);
      const stored = parseDigest(key, bytes);
      const { digest } = stored;
      const signature = await this.archive.read(signatureKey(digest.sequence));
      expect([key, verify("sha256", bytes ?? Buffer.alloc(0), signingKey.pem, signature ?? Buffer.alloc(0))]).toEqual([
        key,
        true,
      ]);
      expect(await readText(this.archive, headKey(digest.runId))).toBe(JSON.stringify(headOf(stored)));
      const leaves = leavesOf(digest, digest.leaves && (await this.archive.read(digest.leaves.key)));
      for (const one of [digest.accounts, digest.report, ...leaves.seals, ...leaves.coverage, ...leaves.records]) {
        if (!one) continue;
        bound.push(one.key);
        expect(sha256Hex((await this.archive.read(one.key)) ?? "")).toBe(one.sha256);
      }
      digests.push(stored);
    }
    expect(chainFaults(digests.map(digestLink))).toEqual([]);
    const records = [...(await this.keys("coverage/")), ...(await this.keys("runs/"))];
    expect(bound.sort()).toEqual(records.filter((key) => !key.endsWith("/head.json")).sort());
    return digests;
  }
}

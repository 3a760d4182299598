import { previousOf } from "./chain";
import { sha256Hex } from "./hashing";
import { coveragePrefix, parseSealKey, receiptsPrefix, sealKey, sealsPrefix } from "./layout";
import { boundKeys, nextSeal, parseSeal, type Seal, type StoredSeal, sealLink } from "./seals";
import { UnreadableRecord } from "./serialization";
import type { ArchiveReader, ArchiveStore } from "./store";

/** What a seal is to bind, by which run and when. */
export type SealContent = Pick<Seal, "items" | "coverage" | "eventFiles" | "runId" | "at">;

/** The seals of an account's day: what they bind, and which one the next follows. */
export class DaySeals {
  private readonly bound = new Set<string>();
  private readonly stored: StoredSeal[] = [];

  private constructor(
    private readonly store: ArchiveReader,
    private readonly place: Pick<Seal, "account" | "region" | "day">,
  ) {}

  /** @throws {UnreadableRecord} if one of them cannot be read, is missing, or does not follow the one before it. */
  static async read(store: ArchiveReader, place: Pick<Seal, "account" | "region" | "day">): Promise<DaySeals> {
    const seals = new DaySeals(store, place);
    let highest = 0;
    for await (const { key } of store.list(sealsPrefix(place.day, place.account)))
      highest = Math.max(highest, parseSealKey(key)?.n ?? 0);
    for (let n = 1; n <= highest; n += 1) await seals.readNext();
    return seals;
  }

  /** In their order. */
  get seals(): readonly Seal[] {
    return this.stored.map(({ seal }) => seal);
  }

  /** Keys of what the day has and no seal binds, in their order. */
  async unsealed(): Promise<{ readonly receipts: string[]; readonly coverage: string[] }> {
    const { account, day } = this.place;
    const open = async (prefix: string) => {
      const keys: string[] = [];
      for await (const { key } of this.store.list(prefix)) if (!this.bound.has(key)) keys.push(key);
      return keys;
    };
    return {
      receipts: await open(receiptsPrefix(day, account)),
      coverage: await open(coveragePrefix(day, account)),
    };
  }

  /**
   * Writes a seal after the last one, also where another run has written one meanwhile.
   * @returns its number; undefined if that one binds any of the content: nothing is written then, and the rest is another seal.
   */
  async write(store: ArchiveStore, content: SealContent): Promise<number | undefined> {
    const keys = claims(content);
    for (;;) {
      const { key, seal, body } = nextSeal(this.stored.at(-1), { ...this.place, ...content });
      if ((await store.putOnce(key, body, "application/json")) === "written") {
        this.add(parseSeal(key, Buffer.from(body)));
        return seal.n;
      }
      const standing = await this.readNext();
      // An own answer that was lost.
      if (standing.sha256 === sha256Hex(body)) return seal.n;
      if (keys.some((bound) => this.bound.has(bound))) return undefined;
    }
  }

  private async readNext(): Promise<StoredSeal> {
    const last = this.stored.at(-1);
    const { number, previousSha256 } = previousOf(last && sealLink(last));
    const key = sealKey(this.place.day, this.place.account, number);
    const next = parseSeal(key, await this.store.read(key));
    if (next.seal.previousSha256 !== previousSha256)
      throw new UnreadableRecord(`${key} does not follow the seal before it`);
    this.add(next);
    return next;
  }

  private add(seal: StoredSeal): void {
    for (const key of claims(seal.seal)) this.bound.add(key);
    this.stored.push(seal);
  }
}

/** What may be in one seal only: receipts, coverage objects, and event files. */
function claims(content: Pick<Seal, "items" | "coverage" | "eventFiles">): string[] {
  return [...boundKeys([content]), ...content.eventFiles.map(({ key }) => key)];
}

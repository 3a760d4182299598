import {
  accountOfFolder,
  coverageOfDay,
  coveragePrefix,
  receiptsOfDay,
  receiptsPrefix,
} from "../../../handlers/archive/layout";
import type { ArchiveReader, Entries, ObjectStream, StoredObject } from "../../../handlers/archive/store";

/** The records of a day: one listing, in the order of the accounts. */
interface Sweep {
  readonly objects: AsyncIterator<StoredObject>;
  readonly prefixOf: (account: string) => string;
  /** Listed, and of an account that has not come yet. */
  ahead: StoredObject | undefined;
}

/**
 * An archive whose records of some days are listed once for all accounts, instead of once for each of them: for thousands of
 * accounts that is a hundredth of the requests. What is held is what belongs to the accounts at hand.
 */
export class SweptRecords implements ArchiveReader {
  private readonly sweeps: Sweep[];
  private held = new Map<string, StoredObject[]>();

  /** @param days whose receipts and coverage are swept */
  constructor(
    private readonly archive: ArchiveReader,
    days: readonly string[],
  ) {
    const sweep = (root: string, prefixOf: Sweep["prefixOf"]): Sweep => ({
      objects: archive.list(root)[Symbol.asyncIterator](),
      prefixOf,
      ahead: undefined,
    });
    this.sweeps = days.flatMap((day) => [
      sweep(receiptsOfDay(day), (account) => receiptsPrefix(day, account)),
      sweep(coverageOfDay(day), (account) => coveragePrefix(day, account)),
    ]);
  }

  get bucket(): string {
    return this.archive.bucket;
  }

  /** Goes on to these accounts, which come after all before, in order; what was held of others is forgotten. */
  async goOnTo(accounts: readonly string[]): Promise<void> {
    this.held = new Map();
    await Promise.all(this.sweeps.map((sweep) => this.advance(sweep, accounts)));
  }

  private async advance(sweep: Sweep, accounts: readonly string[]): Promise<void> {
    const last = accounts.at(-1) ?? "";
    const wanted = new Set(accounts);
    for (const account of accounts) this.held.set(sweep.prefixOf(account), []);
    for (;;) {
      const object = sweep.ahead ?? (await this.next(sweep));
      sweep.ahead = undefined;
      if (!object) return;
      const account = accountOfFolder(object.key.split("/")[2] ?? "");
      if (account !== undefined && account > last) {
        sweep.ahead = object;
        return;
      }
      if (account !== undefined && wanted.has(account)) this.held.get(sweep.prefixOf(account))?.push(object);
    }
  }

  private async next({ objects }: Sweep): Promise<StoredObject | undefined> {
    const { value, done } = await objects.next();
    return done ? undefined : value;
  }

  async *list(prefix: string): AsyncGenerator<StoredObject> {
    const held = this.held.get(prefix);
    if (held) yield* held;
    else yield* this.archive.list(prefix);
  }

  entries(prefix: string): Promise<Entries> {
    return this.archive.entries(prefix);
  }

  read(key: string): Promise<Buffer | undefined> {
    return this.archive.read(key);
  }

  stream(key: string): Promise<ObjectStream | undefined> {
    return this.archive.stream(key);
  }
}

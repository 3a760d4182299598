import pMap from "p-map";
import { AccountLists } from "./account-lists";
import { accountListKey, parseRunKey, runsRoot } from "./layout";
import type { AccountList } from "./records";
import { UnreadableRecord } from "./serialization";
import { type ArchiveReader, readText } from "./store";

interface NamedAccount {
  readonly id: string;
  readonly name: string;
}

/** What accounts are called: of what several runs say, the newest that saw an account, whether it was to archive it or not. */
export class AccountNames {
  private readonly named = new Map<string, { readonly name: string; readonly startedAt: string }>();
  private ids: Map<string, string[]> | undefined;

  /** @param startedAt when this was so, ISO 8601 */
  add({ accounts, startedAt }: { readonly accounts: readonly NamedAccount[]; readonly startedAt: string }): void {
    this.ids = undefined;
    for (const { id, name } of accounts)
      if (startedAt >= (this.named.get(id)?.startedAt ?? "")) this.named.set(id, { name, startedAt });
  }

  of(account: string): string | undefined {
    return this.named.get(account)?.name;
  }

  /** The ids of the accounts that have a name now: names are not unique in an organisation. */
  idsOf(name: string): readonly string[] {
    if (!this.ids) {
      this.ids = new Map();
      for (const [id, of] of this.entries()) this.ids.set(of, [...(this.ids.get(of) ?? []), id]);
    }
    return this.ids.get(name) ?? [];
  }

  /** Each once, sorted. */
  everyName(): string[] {
    return [...new Set(this.entries().map(([, name]) => name))].sort();
  }

  /** By id. */
  entries(): [account: string, name: string][] {
    return [...this.named].map(([id, { name }]) => [id, name]);
  }
}

/** Lists read at a time. */
const concurrency = 16;

/**
 * The names of the accounts that the runs have seen. A damaged record only leaves accounts without a name: what depends on it
 * says so.
 */
export async function readAccountNames(stores: readonly ArchiveReader[]): Promise<AccountNames> {
  const names = new AccountNames();
  const lists = new AccountLists();
  for (const store of stores) {
    const keys = (await store.entries(runsRoot)).folders.map(accountListKey);
    await pMap(
      keys.filter((key) => parseRunKey(key) !== undefined),
      async (key) => {
        const text = await readText(store, key);
        const list = text === undefined ? undefined : readableAccountList(lists, key, text);
        if (list) names.add(list);
      },
      { concurrency },
    );
  }
  return names;
}

/** A run's list of accounts, or undefined where it is damaged. */
export function readableAccountList(lists: AccountLists, key: string, text: string): AccountList | undefined {
  try {
    return lists.parse(key, text);
  } catch (error) {
    if (error instanceof UnreadableRecord) return undefined;
    throw error;
  }
}

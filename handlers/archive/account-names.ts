import { parseRunKey, runsRoot } from "./layout";
import { AccountList } from "./records";
import { parseRecord, UnreadableRecord } from "./serialization";
import { type ArchiveReader, readText } from "./store";

/** What accounts are called: of what several runs say, the newest that saw an account, whether it was to archive it or not. */
export class AccountNames {
  private readonly named = new Map<string, { readonly name: string; readonly startedAt: string }>();

  add({ accounts, startedAt }: Pick<AccountList, "accounts" | "startedAt">): void {
    for (const { id, name } of accounts)
      if (startedAt >= (this.named.get(id)?.startedAt ?? "")) this.named.set(id, { name, startedAt });
  }

  of(account: string): string | undefined {
    return this.named.get(account)?.name;
  }

  /** By id. */
  entries(): [account: string, name: string][] {
    return [...this.named].map(([id, { name }]) => [id, name]);
  }
}

/**
 * The names of the accounts that the runs have seen, by id. A damaged record only leaves accounts without a name: what depends
 * on it says so.
 */
export async function accountNames(store: ArchiveReader): Promise<Map<string, string>> {
  const names = new AccountNames();
  for (const runId of (await store.entries(runsRoot)).folders) {
    const key = `${runsRoot}${runId}/accounts.json`;
    if (parseRunKey(key)?.kind !== "account-list") continue;
    const text = await readText(store, key);
    const list = text === undefined ? undefined : readableAccountList(key, text);
    if (list) names.add(list);
  }
  return new Map(names.entries());
}

/** A run's list of accounts, or undefined where it is damaged. */
export function readableAccountList(key: string, text: string): AccountList | undefined {
  try {
    return parseRecord(AccountList, key, text);
  } catch (error) {
    if (error instanceof UnreadableRecord) return undefined;
    throw error;
  }
}

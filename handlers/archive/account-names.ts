import { parseRunKey, runsRoot } from "./layout";
import { AccountList } from "./records";
import { parseRecord, UnreadableRecord } from "./serialization";
import { type ArchiveReader, readText } from "./store";

/**
 * The names of the accounts that the runs have seen, by id: of several, the one that the newest run saw. A damaged record only
 * leaves accounts without a name: what depends on it says so.
 */
export async function accountNames(store: ArchiveReader): Promise<Map<string, string>> {
  const names = new Map<string, { readonly name: string; readonly startedAt: string }>();
  for (const runId of (await store.entries(runsRoot)).folders) {
    const key = `${runsRoot}${runId}/accounts.json`;
    if (parseRunKey(key)?.kind !== "account-list") continue;
    const text = await readText(store, key);
    if (text === undefined) continue;
    const list = readable(key, text);
    if (!list) continue;
    const { accounts, startedAt } = list;
    for (const { id, name } of accounts)
      if (startedAt >= (names.get(id)?.startedAt ?? "")) names.set(id, { name, startedAt });
  }
  return new Map([...names].map(([id, { name }]) => [id, name]));
}

function readable(key: string, text: string): AccountList | undefined {
  try {
    return parseRecord(AccountList, key, text);
  } catch (error) {
    if (error instanceof UnreadableRecord) return undefined;
    throw error;
  }
}

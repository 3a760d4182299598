import { existsSync, readFileSync } from "node:fs";
import { AccountNames, readableAccountList } from "../../handlers/archive/account-names";
import type { FolderStore } from "../../handlers/archive/folder-store";
import { accountListKey, runsRoot } from "../../handlers/archive/layout";

/** The accounts that the runs of an archive have seen, by id and by name. Nothing is read before it is asked for. */
export class KnownAccounts {
  private read: AccountNames | undefined;
  private ids: Map<string, string[]> | undefined;

  constructor(private readonly buckets: readonly FolderStore[]) {}

  nameOf(account: string): string | undefined {
    return this.names().of(account);
  }

  /** The ids of the accounts that have a name now: names are not unique in an organisation. */
  idsOf(name: string): readonly string[] {
    if (!this.ids) {
      this.ids = new Map();
      for (const [id, of] of this.names().entries()) this.ids.set(of, [...(this.ids.get(of) ?? []), id]);
    }
    return this.ids.get(name) ?? [];
  }

  /** Each once, sorted. */
  everyName(): string[] {
    return [
      ...new Set(
        this.names()
          .entries()
          .map(([, name]) => name),
      ),
    ].sort();
  }

  /** At once, as DuckDB waits for what it asks. */
  private names(): AccountNames {
    if (this.read) return this.read;
    this.read = new AccountNames();
    for (const bucket of this.buckets)
      for (const runId of bucket.folderNames(runsRoot)) {
        const key = accountListKey(runId);
        const path = bucket.pathOf(key);
        const list = existsSync(path) ? readableAccountList(key, readFileSync(path, "utf8")) : undefined;
        if (list) this.read.add(list);
      }
    return this.read;
  }
}

import { existsSync, readFileSync } from "node:fs";
import { AccountLists } from "../../handlers/archive/account-lists";
import { AccountNames, readableAccountList } from "../../handlers/archive/account-names";
import type { FolderStore } from "../../handlers/archive/folder-store";
import { accountListKey, runsRoot } from "../../handlers/archive/layout";

/** The accounts that the runs of an archive have seen, by id and by name. Nothing is read before it is asked for. */
export class KnownAccounts {
  private read: AccountNames | undefined;

  constructor(private readonly buckets: readonly FolderStore[]) {}

  nameOf(account: string): string | undefined {
    return this.names().of(account);
  }

  idsOf(name: string): readonly string[] {
    return this.names().idsOf(name);
  }

  everyName(): string[] {
    return this.names().everyName();
  }

  /** At once, as DuckDB waits for what it asks. */
  private names(): AccountNames {
    if (this.read) return this.read;
    this.read = new AccountNames();
    const lists = new AccountLists();
    for (const bucket of this.buckets)
      for (const runId of bucket.folderNames(runsRoot)) {
        const key = accountListKey(runId);
        const path = bucket.pathOf(key);
        const list = existsSync(path) ? readableAccountList(lists, key, readFileSync(path, "utf8")) : undefined;
        if (list) this.read.add(list);
      }
    return this.read;
  }
}

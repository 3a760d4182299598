import * as z from "zod";
import { AccountList, ListedAccount } from "./records";
import { parseRecord, UnreadableRecord } from "./serialization";

const begin = '"accounts":[{';
const end = "}]";
const between = "},{";
const ListedAccounts = z.array(ListedAccount);

/**
 * Reads the lists of accounts of many runs. Nearly all of what a run lists is what others listed: an account that stands there
 * with the same letters is parsed once.
 */
export class AccountLists {
  private readonly known = new Map<string, ListedAccount>();

  /** @throws {UnreadableRecord} as parsing it by itself does. */
  parse(key: string, text: string): AccountList {
    return this.byParts(key, text) ?? parseRecord(AccountList, key, text);
  }

  /** Undefined where the text is not written as expected, as with a name that looks like what is between two accounts. */
  private byParts(key: string, text: string): AccountList | undefined {
    const first = text.indexOf(begin) + begin.length;
    const last = text.indexOf(end, first);
    if (first < begin.length || last === -1) return undefined;
    const parts = text.slice(first, last).split(between);
    const unknown = parts.filter((part) => !this.known.has(part));
    try {
      if (unknown.length > 0 && !this.learn(key, unknown)) return undefined;
      const rest = parseRecord(AccountList, key, `${text.slice(0, first - 1)}${text.slice(last + 1)}`);
      if (rest.accounts.length > 0) return undefined;
      for (const part of parts) {
        const account = this.known.get(part);
        if (account) rest.accounts.push(account);
      }
      return rest;
    } catch (error) {
      if (error instanceof UnreadableRecord) return undefined;
      throw error;
    }
  }

  /** @returns whether each part is an account. @throws {UnreadableRecord} */
  private learn(key: string, parts: readonly string[]): boolean {
    const parsed = parseRecord(ListedAccounts, key, `[{${parts.join(between)}}]`);
    if (parsed.length !== parts.length) return false;
    for (const [index, account] of parsed.entries()) this.known.set(parts[index] ?? "", account);
    return true;
  }
}

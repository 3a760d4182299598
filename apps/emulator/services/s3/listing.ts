import { compareKeys, type SortedKeys } from "./sorted-keys";

export interface ListingRequest {
  readonly prefix: string;
  readonly delimiter: string;
  /** A key, or a common prefix. */
  readonly startAfter: string;
  /** Whether the page begins with what is left of `startAfter`'s own entries. */
  readonly resumes?: boolean;
  readonly maxKeys: number;
}

export interface Listing<T> {
  readonly entries: readonly T[];
  readonly commonPrefixes: readonly string[];
  /** Where a page that is not the last one ends: its last key or common prefix, and the key's last entry on it. */
  readonly next: { readonly key: string; readonly entry: T | undefined } | undefined;
}

/** A page of what keys have: their objects, or their versions. Keys that go on after a delimiter roll up into one common prefix. */
export function listKeys<T>(
  sorted: SortedKeys,
  { prefix, delimiter, startAfter, resumes = false, maxKeys }: ListingRequest,
  entriesOf: (key: string) => readonly T[],
): Listing<T> {
  const entries: T[] = [];
  const commonPrefixes: string[] = [];
  let last: NonNullable<Listing<T>["next"]> = { key: startAfter, entry: undefined };
  const isFull = () => entries.length + commonPrefixes.length === maxKeys;
  for (const key of sorted.withPrefix(prefix, startAfter)) {
    const name = rolledUp(key, prefix, delimiter);
    // A common prefix that was answered already comes before its own keys, and so does the start of the list.
    if (compareKeys(name, last.key) <= 0 && !(resumes && name === startAfter)) continue;
    const found = entriesOf(key);
    if (name === key) {
      for (const entry of found) {
        if (isFull()) return { entries, commonPrefixes, next: last };
        entries.push(entry);
        last = { key, entry };
      }
    } else if (found.length > 0) {
      if (isFull()) return { entries, commonPrefixes, next: last };
      commonPrefixes.push(name);
      last = { key: name, entry: undefined };
    }
  }
  return { entries, commonPrefixes, next: undefined };
}

function rolledUp(key: string, prefix: string, delimiter: string): string {
  const end = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
  return end === -1 ? key : key.slice(0, end + delimiter.length);
}

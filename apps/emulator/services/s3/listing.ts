import { compareKeys, type SortedKeys } from "./sorted-keys";

export interface ListingRequest {
  readonly prefix: string;
  readonly delimiter: string;
  readonly startAfter: string;
  readonly maxKeys: number;
}

export interface Listing {
  readonly keys: readonly string[];
  readonly commonPrefixes: readonly string[];
  /** The last key or common prefix of a page that is not the last one. */
  readonly next: string | undefined;
}

/** A page of the keys for which `isListed` holds; keys that go on after a delimiter roll up into one common prefix. */
export function listKeys(sorted: SortedKeys, request: ListingRequest, isListed: (key: string) => boolean): Listing {
  const { prefix, delimiter, startAfter, maxKeys } = request;
  const keys: string[] = [];
  const commonPrefixes: string[] = [];
  let last = startAfter;
  for (const key of sorted.withPrefix(prefix, startAfter)) {
    const name = rolledUp(key, prefix, delimiter);
    // A common prefix that was answered already comes before its own keys, and so does the start of the list.
    if (compareKeys(name, last) <= 0 || !isListed(key)) continue;
    if (keys.length + commonPrefixes.length === maxKeys) return { keys, commonPrefixes, next: last };
    if (name === key) keys.push(key);
    else commonPrefixes.push(name);
    last = name;
  }
  return { keys, commonPrefixes, next: undefined };
}

function rolledUp(key: string, prefix: string, delimiter: string): string {
  const end = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
  return end === -1 ? key : key.slice(0, end + delimiter.length);
}

/** Keys in UTF-8 byte order, the order of S3's lists. */
export class SortedKeys {
  private readonly keys: string[] = [];

  add(key: string): void {
    const index = this.firstFrom(key);
    if (this.keys[index] !== key) this.keys.splice(index, 0, key);
  }

  delete(key: string): void {
    const index = this.firstFrom(key);
    if (this.keys[index] === key) this.keys.splice(index, 1);
  }

  /** The keys with a prefix, from the first one that is not before `from`. */
  *withPrefix(prefix: string, from: string): Generator<string> {
    const start = this.firstFrom(compareKeys(prefix, from) > 0 ? prefix : from);
    for (let index = start; index < this.keys.length; index++) {
      const key = this.keys[index];
      if (key === undefined || !key.startsWith(prefix)) return;
      yield key;
    }
  }

  /** Index of the first key that is not before this one. */
  private firstFrom(key: string): number {
    let low = 0;
    let high = this.keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareKeys(this.keys[middle] ?? "", key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

export function compareKeys(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

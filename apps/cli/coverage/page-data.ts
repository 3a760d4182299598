/** What the coverage page's script reads: runs of equal days, and the items of the cells that are not complete. */
export interface PageData {
  /** Oldest first; not every day need be followed by the next one. */
  readonly days: readonly string[];
  readonly regions: readonly string[];
  readonly accounts: readonly { readonly id: string; readonly name: string }[];
  /** By account, then by Region: a letter and for how many days it holds, such as `c300p1c64`. */
  readonly states: readonly (readonly string[])[];
  /** Texts that the items refer to. */
  readonly texts: readonly string[];
  /** What the codes mean that reasons among the texts begin with. */
  readonly meanings: Readonly<Record<string, string>>;
  /**
   * By `<account index>/<region index>`: spans of days that have the same items, each as [first day, last day, items], where items
   * are [log group or -1, reason] as indices of `texts`, in a row.
   */
  readonly items: Readonly<Record<string, readonly (readonly [number, number, readonly number[]])[]>>;
}

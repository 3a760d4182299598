/** What the coverage page's script reads: one character a cell, and the items of the cells that are not complete. */
export interface PageData {
  readonly generatedAt: string;
  readonly days: readonly string[];
  readonly regions: readonly string[];
  readonly accounts: readonly { readonly id: string; readonly name: string }[];
  /** By account, then by Region: a character for every day. */
  readonly states: readonly (readonly string[])[];
  /** Texts that the items refer to. */
  readonly texts: readonly string[];
  /** By `<account index>/<region index>/<day index>`: [log group or -1, reason] as indices of `texts`, in a row. */
  readonly items: Readonly<Record<string, readonly number[]>>;
}

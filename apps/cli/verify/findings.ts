/** What `verify` looks for, and what each kind means. */
export const findingKinds = {
  "missing-objects": "fewer objects lie under an export task's prefix than its receipt counted",
  "added-keys": "more objects lie under an export task's prefix than its receipt counted",
  "changed-listing": "keys or sizes under an export task's prefix are not those that its receipt hashed",
  "receipt-without-data": "a receipt counts objects, and none is there",
  "several-versions": "a key has been written more than once, or deleted",
  "orphan-folder": "no receipt names this export task: its data is not archived, and no query reads it",
  "missing-receipt":
    "coverage says exported or found empty by an export task, and there is no receipt: no query reads the data",
  "wrong-receipt": "a receipt contradicts its bucket, itself, another receipt, or the objects that it counts",
  "stray-object": "an object or folder lies where the archive's layout has none",
  "no-record": "neither a receipt nor coverage says what became of it",
  "not-archived": "coverage says that it failed, and no receipt commits it",
  "unreadable-object": "an object is not intact gzip",
  "unreadable-record": "a receipt, coverage object or run record does not hold what it should",
  expired: "all of an export task's data is gone, from a day before --expired-before",
} as const;

export type FindingKind = keyof typeof findingKinds;

export interface Finding {
  readonly kind: FindingKind;
  readonly bucket: string;
  readonly account?: string;
  readonly day?: string;
  readonly logGroup?: string;
  /** The key, prefix or number that shows it. */
  readonly detail: string;
}

/** Not archived yet: a run or a person can cure it. Everything else that is no harmless kind is damage. */
export const incompleteKinds: readonly FindingKind[] = ["no-record", "not-archived"];

/** Known and harmless: a crash or a race leaves an orphan folder behind, which no query reads; lifecycle deletes by plan. */
export const harmlessKinds: readonly FindingKind[] = ["orphan-folder", "expired"];

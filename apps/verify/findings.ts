/** How much a finding means: `damage` is no archive as it was written, `open` can be cured by a run or a person, `known` is neither. */
export type Weight = "damage" | "open" | "known";

interface FindingMeaning {
  readonly weight: Weight;
  readonly meaning: string;
}

const damage = (meaning: string): FindingMeaning => ({ weight: "damage", meaning });
const open = (meaning: string): FindingMeaning => ({ weight: "open", meaning });
const known = (meaning: string): FindingMeaning => ({ weight: "known", meaning });

/** What `verify` looks for, and what each kind means. */
export const findingKinds = {
  // what is archived
  "missing-objects": damage("fewer objects lie under an export task's prefix than its receipt counted"),
  "added-keys": damage("more objects lie under an export task's prefix than its receipt counted"),
  "changed-listing": damage("keys or sizes under an export task's prefix are not those that its receipt hashed"),
  "receipt-without-data": damage("a receipt counts objects, and none is there"),
  "changed-object": damage("an object does not have the bytes that were sealed"),
  "unreadable-object": damage("an object is not intact gzip"),
  "several-versions": damage("a key has been written more than once, or deleted"),
  // what the archive says of itself
  "missing-receipt": damage("coverage or a seal names a receipt that is not there: no query reads its data"),
  "wrong-receipt": damage("a receipt contradicts its bucket, itself, another receipt, or the objects that it counts"),
  "changed-record": damage("a record does not have the bytes that a seal or a digest binds"),
  "missing-record": damage("a record that a seal or a digest binds is not there"),
  "added-record": damage("a record lies where a signed run left none"),
  "unreadable-record": damage("a record does not hold what its key promises"),
  "stray-object": damage("an object or folder lies where the archive's layout has none"),
  // seals and digests
  "broken-seals": damage("an account's day has lost a seal, or has one that follows another than the one before it"),
  "broken-digests": damage("a digest is missing, or follows another than the one before it"),
  "wrong-signature": damage("a digest was not signed with the given key, or was changed after it was signed"),
  "foreign-digest": damage("a digest is of another bucket: the archive was moved, renamed or mixed with another"),
  "head-not-found": damage("the archive does not hold the digest that the given head names"),
  "no-digests": damage("nothing is signed, though a head is given"),
  // what is not there yet
  "not-archived": open("coverage says that it failed, and no receipt commits it"),
  "no-record": open("neither a receipt nor coverage says what became of it"),
  "not-covered": open("no run has covered this day of the account"),
  "not-sealed": open("no seal binds this receipt yet: whether it was changed, nothing can show"),
  "not-signed": open(
    "no signed digest binds it: the run that wrote it has not ended, or died, or its signature was deleted",
  ),
  // nothing wrong
  "orphan-folder": known("no receipt names this export task: its data is not archived, and no query reads it"),
  "orphan-event-file": known("no seal names this event file: no query reads it"),
  "missing-event-file": known(
    "an event file has expired or was deleted: queries read the evidence, which has all of it",
  ),
  expired: known("all of an export task's data is gone, from a day before --expired-before"),
} as const satisfies Record<string, FindingMeaning>;

export type FindingKind = keyof typeof findingKinds;

export interface Finding {
  readonly kind: FindingKind;
  /** Empty where it is about no bucket that is here. */
  readonly bucket: string;
  readonly account?: string;
  readonly day?: string;
  readonly logGroup?: string;
  /** The key, prefix or number that shows it. */
  readonly detail: string;
}

export function weightOf({ kind }: Pick<Finding, "kind">): Weight {
  return findingKinds[kind].weight;
}

/** Whether the archive is not as it was written. */
export function isDamage(finding: Pick<Finding, "kind">): boolean {
  return weightOf(finding) === "damage";
}

import { chainFaults } from "../../handlers/archive/chain";
import { regionOfBucket, sealKey } from "../../handlers/archive/layout";
import { type SealedEventFile, type SealedObject, type StoredSeal, sealLink } from "../../handlers/archive/seals";
import type { Binding, Present } from "./binding";
import type { FindingKind } from "./findings";
import type { StoredReceipt } from "./verify-day";

type Report = (kind: FindingKind, detail: string, logGroup?: string) => void;

/** What an account day's seals bind, by key. */
export function sealedContent(seals: readonly StoredSeal[]) {
  const objects = new Map<string, SealedObject>();
  const eventFiles = new Map<string, SealedEventFile>();
  for (const { seal } of seals) {
    for (const item of seal.items) for (const object of item.objects) objects.set(object.key, object);
    for (const file of seal.eventFiles) eventFiles.set(file.key, file);
  }
  return { objects, eventFiles };
}

/** What seals are held against. */
export interface SealedRecords {
  readonly receipts: readonly StoredReceipt[];
  /** Of the account's day, by key. */
  readonly coverage: ReadonlyMap<string, Present>;
  readonly binding: Binding;
  /** Lifecycle rules may have deleted the data. */
  readonly mayBeExpired: boolean;
}

/** Checks that an account day's seals follow each other, and that what they bind is there as they bound it. */
export function verifySeals(
  bucket: string,
  seals: readonly StoredSeal[],
  { receipts, coverage, binding, mayBeExpired }: SealedRecords,
  found: Report,
): void {
  const region = regionOfBucket(bucket);
  for (const { key, seal } of seals)
    if (region !== undefined && seal.region !== region) found("broken-seals", `${key} is of ${seal.region}`);
  for (const { number, fault } of chainFaults(seals.map(sealLink))) {
    const [first] = seals;
    const key = first ? sealKey(first.seal.day, first.seal.account, number) : String(number);
    found("broken-seals", `${key} ${fault === "missing" ? "is missing" : "does not follow the seal before it"}`);
  }
  const byKey = new Map(receipts.map((stored) => [stored.key, stored]));
  const sealedReceipts = new Set<string>();
  for (const { seal } of seals) {
    for (const { receipt: key, receiptSha256, logGroup, objects } of seal.items) {
      sealedReceipts.add(key);
      const stored = byKey.get(key);
      if (!stored) found("missing-receipt", key, logGroup);
      else if (stored.sha256 !== receiptSha256) found("changed-record", key, logGroup);
      if (stored && !mayBeExpired && !isWhole(stored, objects))
        found("wrong-receipt", `${key} counts other objects than were sealed`, logGroup);
    }
    for (const { key, sha256 } of seal.coverage) {
      const present = coverage.get(key);
      if (!present) found("missing-record", key);
      else if (present.sha256 !== sha256) found("changed-record", key);
    }
  }
  for (const { key, receipt } of receipts) {
    if (sealedReceipts.has(key) || !binding.isAnySigned) continue;
    if (binding.unbound(receipt.runId) === "added") found("added-record", key, receipt.logGroup);
    else found("not-sealed", key, receipt.logGroup);
  }
}

function isWhole({ receipt }: StoredReceipt, objects: readonly SealedObject[]): boolean {
  return (
    receipt.objects === objects.length &&
    receipt.tasks.every(({ prefix, objects: count }) => {
      return objects.filter(({ key }) => key.startsWith(prefix)).length === count;
    })
  );
}

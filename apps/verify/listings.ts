import { countObjects } from "../../handlers/archive/receipts";
import type { ReceiptTask } from "../../handlers/archive/records";
import type { SealedObject } from "../../handlers/archive/seals";
import type { StoredObject } from "../../handlers/archive/store";
import { count } from "../terminal/amounts";
import type { FindingKind } from "./findings";

/** Holds what lies under an export task's prefix against its receipt; where that differs, the seal knows which keys. */
export function compareListing(
  task: ReceiptTask,
  objects: readonly StoredObject[],
  sealed: ReadonlyMap<string, SealedObject>,
  found: (kind: FindingKind, detail: string) => void,
): void {
  const counted = countObjects(objects);
  const isAsHashed = counted.listingSha256 === task.listingSha256;
  if (isAsHashed && counted.objects === task.objects && counted.bytes === task.bytes) return;
  const isAsCounted = counted.objects === task.objects && counted.bytes === task.bytes;
  const counts = isAsCounted
    ? "as many objects and bytes as the receipt says, under other keys or of other sizes"
    : `${count(counted.objects, "object")} and ${count(counted.bytes, "byte")}, the receipt says ${task.objects} and ${task.bytes}`;
  const detail = [`${task.prefix}: ${counts}`, ...keysOff(task.prefix, objects, sealed)].join("; ");
  if (isAsHashed) found("wrong-receipt", detail);
  else if (counted.objects === 0) found("receipt-without-data", detail);
  else if (counted.objects < task.objects) found("missing-objects", detail);
  else if (counted.objects > task.objects) found("added-keys", detail);
  else found("changed-listing", detail);
}

/** Keys that are named; the rest is counted. */
const mostKeys = 3;

/** Which keys are not as they were sealed; none of what is not sealed yet. */
function keysOff(
  prefix: string,
  objects: readonly StoredObject[],
  sealed: ReadonlyMap<string, SealedObject>,
): string[] {
  const expected = [...sealed.keys()].filter((key) => key.startsWith(prefix));
  if (expected.length === 0) return [];
  const present = new Set(objects.map(({ key }) => key));
  const off = {
    missing: expected.filter((key) => !present.has(key)),
    "not sealed": objects.filter(({ key }) => !sealed.has(key)).map(({ key }) => key),
    "of another size": objects
      .filter(({ key, size }) => (sealed.get(key)?.size ?? size) !== size)
      .map(({ key }) => key),
  };
  return Object.entries(off)
    .filter(([, keys]) => keys.length > 0)
    .map(([what, keys]) => {
      const named = keys.slice(0, mostKeys).map((key) => key.slice(prefix.length));
      const rest = keys.length > mostKeys ? ` and ${keys.length - mostKeys} more` : "";
      return `${what}: ${named.join(", ")}${rest}`;
    });
}

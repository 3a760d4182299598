import leven from "leven";
import pMap from "p-map";
import { type AccountNames, readAccountNames } from "../../handlers/archive/account-names";
import { coverageRoot, receiptsRoot, sealsRoot } from "../../handlers/archive/layout";
import type { ArchiveReader } from "../../handlers/archive/store";
import { UsageError } from "./errors";
import { mistypedLetters } from "./options";

/** Days that are looked at together. */
const days = 16;
/** Accounts that are offered. */
const listed = 10;

/**
 * Refuses an account's id that no record of an archive names: of it everything would be answered from nothing.
 * @throws {UsageError} with the ids that are near it
 */
export async function refuseUnknown(account: string, buckets: readonly ArchiveReader[]): Promise<void> {
  for (const bucket of buckets) if (await hasRecords(bucket, account)) return;
  const names = await readAccountNames(buckets);
  if (names.entries().length === 0)
    throw new UsageError("The archive has no records yet: no run has listed the accounts.");
  if (names.of(account) === undefined)
    throw new UsageError(
      `No record of the archive names account ${account}. Correct the id. ${offered(account, names)}`,
    );
}

/** Whether there are records of an account, of any day: an account that is still there has some of the newest. */
async function hasRecords(bucket: ArchiveReader, account: string): Promise<boolean> {
  for (const root of [coverageRoot, receiptsRoot, sealsRoot]) {
    const ofDays = [...(await bucket.entries(root)).folders].sort().reverse();
    // Of most accounts the newest day tells.
    for (let from = 0, to = 1; from < ofDays.length; from = to, to += days) {
      const found = await pMap(ofDays.slice(from, to), async (day) => {
        for await (const _ of bucket.list(`${root}${day}/account=${account}/`)) return true;
        return false;
      });
      if (found.includes(true)) return true;
    }
  }
  return false;
}

/** The accounts that there are, those first whose ids are near one that is none of them. */
export function offered(account: string, names: AccountNames): string {
  const all = names.entries().map(([id, name]) => ({ text: `${id} (${name})`, distance: leven(id, account) }));
  const near = all.filter(({ distance }) => distance <= mistypedLetters);
  const shown = (near.length > 0 ? near : all).sort((a, b) => a.distance - b.distance || (a.text < b.text ? -1 : 1));
  const more = shown.length > listed ? `, and ${shown.length - listed} more` : "";
  const texts = shown.slice(0, listed).map(({ text }) => text);
  return `${near.length > 0 ? "Near it are" : "There are"}: ${texts.join(", ")}${more}.`;
}

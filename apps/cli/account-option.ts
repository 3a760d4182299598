import { type AccountNames, readAccountNames } from "../../handlers/archive/account-names";
import type { ArchiveReader } from "../../handlers/archive/store";
import { AccountId } from "../../handlers/contract/values";
import { UsageError } from "./errors";
import { refuseUnknown } from "./known-account";

/** Names that are listed; the rest is counted. */
const listed = 20;

/** Who knows the accounts that have a name. */
export type NameDirectory = Pick<AccountNames, "idsOf" | "everyName">;

/**
 * The ids of accounts that are given as ids or as names.
 * @throws {UsageError} when there is no account of a name, or several are called so.
 */
export function accountIds(given: readonly string[], known: NameDirectory): string[] {
  return given.map((text) => {
    if (isId(text)) return text;
    const [id, ...others] = known.idsOf(text);
    if (id === undefined)
      throw new UsageError(
        `There is no account named ${text}. Give an id of 12 digits, or a name. ${namesText(known)}`,
      );
    if (others.length > 0)
      throw new UsageError(`Several accounts are named ${text}: ${[id, ...others].sort().join(", ")}. Give the id.`);
    return id;
  });
}

/** The same; who knows the names is asked only where one is given. */
export async function accountIdsBy(
  given: readonly string[],
  directory: () => Promise<NameDirectory>,
): Promise<string[]> {
  refuseMistyped(given);
  return given.every(isId) ? [...given] : accountIds(given, await directory());
}

/** @throws {UsageError} when one of them is a number, and has not the digits of an id. */
export function refuseMistyped(given: readonly string[]): void {
  const mistyped = given.find((text) => /^\d+$/.test(text) && !isId(text));
  if (mistyped !== undefined) throw new UsageError(`${mistyped} is no id of an account: those have 12 digits.`);
}

/**
 * The same, by what the runs of an archive saw.
 * @throws {UsageError} also when no record of the archive names an id
 */
export async function archivedAccountIds(
  given: readonly string[],
  buckets: readonly ArchiveReader[],
): Promise<string[]> {
  const ids = await accountIdsBy(given, () => readAccountNames(buckets));
  for (const id of given.filter(isId)) await refuseUnknown(id, buckets);
  return ids;
}

function isId(text: string): boolean {
  return AccountId.safeParse(text).success;
}

function namesText(known: NameDirectory): string {
  const names = known.everyName();
  const more = names.length > listed ? ` and ${names.length - listed} more` : "";
  return names.length === 0 ? "None is known." : `There are: ${names.slice(0, listed).join(", ")}${more}.`;
}

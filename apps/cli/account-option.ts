import type { KnownAccounts } from "../query/known-accounts";
import { UsageError } from "./errors";

/** Names that are listed; the rest is counted. */
const listed = 20;

/**
 * The ids of accounts that are given as ids or as names.
 * @throws {UsageError} when there is no account of a name, or several are called so.
 */
export function accountIds(given: readonly string[], known: Pick<KnownAccounts, "idsOf" | "everyName">): string[] {
  return given.map((text) => {
    if (/^\d{12}$/.test(text)) return text;
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

function namesText(known: Pick<KnownAccounts, "everyName">): string {
  const names = known.everyName();
  const more = names.length > listed ? ` and ${names.length - listed} more` : "";
  return names.length === 0 ? "The archive knows none." : `There are: ${names.slice(0, listed).join(", ")}${more}.`;
}

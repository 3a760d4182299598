import { StandingLines } from "../../../handlers/archive/standing";
import { dayWindow } from "../../../handlers/calendar/days";
import type { Emulated } from "../../handlers/support/emulated";
import { yesterday } from "../../handlers/support/organisation";

/** Holds the archive of every account against its source. */

const { from, to } = dayWindow(yesterday, "UTC");

/** What an account has come to, by log group: what is lost, doubled or wrong, or `whole`. */
export function standings(emulated: Emulated): Map<string, Record<string, string>> {
  const lines = new StandingLines();
  for (const line of emulated.coverage()) lines.add(line);
  const receipts = new Map<string, string[]>();
  for (const receipt of emulated.receipts()) {
    if (receipt.day !== yesterday) continue;
    const item = `${receipt.account} ${receipt.logGroup}`;
    receipts.set(item, [...(receipts.get(item) ?? []), emulated.archivedLines(receipt).sort().join("\n")]);
  }
  const found = new Map<string, Record<string, string>>();
  for (const { account, name, streams } of emulated.cloud.world.logGroups) {
    const expected = streams
      .flatMap(({ events }) => events)
      .filter(({ timestamp }) => timestamp >= from && timestamp <= to)
      .map(({ timestamp, message }) => `${new Date(timestamp).toISOString()} ${message}`);
    const archived = receipts.get(`${account} ${name}`) ?? [];
    const outcome = lines.get({ account, day: yesterday, logGroup: name })?.outcome;
    found.set(account, { ...found.get(account), [name]: standing(expected.sort().join("\n"), archived, outcome) });
  }
  return found;
}

function standing(expected: string, archived: readonly string[], outcome: string | undefined): string {
  if (archived.length === 0) return `no receipt, coverage says ${outcome}`;
  if (archived.length > 1) return `${archived.length} receipts`;
  if (archived[0] !== expected) return `not its source: ${archived[0]}`;
  return outcome === "exported" ? "whole" : `whole, but coverage says ${outcome}`;
}

/** How many export tasks of ours each account has had. */
export function ownTasks(emulated: Emulated): Map<string, number> {
  const tasks = new Map<string, number>();
  for (const { account, name } of emulated.exportTasks())
    if (name !== null) tasks.set(account, (tasks.get(account) ?? 0) + 1);
  return tasks;
}

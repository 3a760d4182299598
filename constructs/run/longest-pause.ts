import { nextOccurrence } from "../../handlers/calendar/schedule";
import type { Schedule } from "../../handlers/contract/settings";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** A year of occurrences holds every pause of a schedule that goes on for ever. */
const start = Date.UTC(2026, 0, 1);
const end = start + 366 * dayMs;

/**
 * The longest time, in milliseconds, between two occurrences of a schedule, daylight saving included; up to an hour too
 * short for one that fires several times an hour, because it is not asked for more.
 */
export function longestPause(schedule: Schedule): number {
  let longest = 0;
  for (let at = nextOccurrence(schedule, start); at < end; ) {
    const next = nextOccurrence(schedule, at);
    longest = Math.max(longest, next - at);
    at = Math.max(next, at + hourMs);
    // Rates have one pause.
    if (schedule.expression.startsWith("rate(")) break;
  }
  return longest;
}

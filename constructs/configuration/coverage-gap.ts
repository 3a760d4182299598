import { dayWindow, exportLagMs, newestDay } from "../../handlers/calendar/days";
import { nextOccurrence } from "../../handlers/calendar/schedule";
import type { Schedule } from "../../handlers/contract/settings";

const dayMs = 24 * 60 * 60 * 1000;
/** A year of occurrences holds every gap of a schedule that goes on for ever; which year is of no consequence. */
const start = Date.UTC(2026, 0, 1);
const end = start + 366 * dayMs;

/**
 * The most days that a run of this schedule finds new since the one before it: a look-back that is shorter leaves days
 * that no run ever looks at.
 * @throws {InvalidSchedule}
 */
export function longestCoverageGap(schedule: Schedule, dayTimeZone: string): number {
  if (schedule.expression.startsWith("rate(")) return Math.ceil(nextOccurrence(schedule, 0) / dayMs);
  let longest = 0;
  let newest = newestDay(start, dayTimeZone);
  for (let at = start; at < end; ) {
    // Runs that find no new day are passed over.
    const newDayArrives = dayWindow(dayAfter(newest), dayTimeZone).to + exportLagMs;
    at = nextOccurrence(schedule, newDayArrives - 1);
    const next = newestDay(at, dayTimeZone);
    longest = Math.max(longest, (Date.parse(next) - Date.parse(newest)) / dayMs);
    newest = next;
  }
  return longest;
}

function dayAfter(day: string): string {
  return new Date(Date.parse(day) + dayMs).toISOString().slice(0, 10);
}

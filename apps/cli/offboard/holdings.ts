import { daysBetween } from "../../../handlers/archive/expectations";
import type { PlannedLogGroup } from "../../../handlers/archive/records";
import { goneAt } from "../../../handlers/archive/retention";
import { dayOf, dayWindow, newestDay } from "../../../handlers/calendar/days";
import type { DayWindow } from "../../../handlers/contract/values";

/** Whether a log group may hold something of a day: it was there before the day's end, and retention has left something. */
export function mayHold(group: PlannedLogGroup, window: DayWindow, now: number): boolean {
  return group.createdAt < window.to && goneAt(window, group) > now;
}

/**
 * The days, oldest first, of which an account may still hold something, as far as they can be archived.
 * @param now epoch milliseconds
 */
export function heldDays(groups: readonly PlannedLogGroup[], timeZone: string, now: number): DayWindow[] {
  if (groups.length === 0) return [];
  const oldest = dayOf(Math.min(...groups.map(({ createdAt }) => createdAt)), timeZone);
  const newest = newestDay(now, timeZone);
  return daysBetween(oldest, newest)
    .map((day) => dayWindow(day, timeZone))
    .filter((window) => groups.some((group) => mayHold(group, window, now)));
}

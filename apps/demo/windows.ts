import { dayOf, dayWindow } from "../../handlers/calendar/days";
import type { DayWindow } from "../../handlers/contract/values";

/** Every zone's midnights are at quarters of an hour. */
const quarterMs = 15 * 60_000;

/** Finds the day that a moment (epoch milliseconds) is in, for millions of them: a zone's rules are asked once a quarter of an hour. */
export function windowFinder(timeZone: string): (at: number) => DayWindow {
  const byQuarter = new Map<number, DayWindow>();
  return (at) => {
    const quarter = Math.floor(at / quarterMs);
    const known = byQuarter.get(quarter);
    if (known) return known;
    const window = dayWindow(dayOf(quarter * quarterMs, timeZone), timeZone);
    byQuarter.set(quarter, window);
    return window;
  };
}

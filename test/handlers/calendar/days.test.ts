import fc from "fast-check";
import { daysToCover, dayWindow, exportLagMs, newestDay, requestedDays } from "../../../handlers/calendar/days";
import { InvalidInput } from "../../../handlers/contract/errors";
import { hour } from "../support/examples";
import { holds } from "../support/property";

const zone = fc.constantFrom("UTC", ...Intl.supportedValuesOf("timeZone"));
const moment = fc.integer({ min: Date.UTC(2015, 0, 1), max: Date.UTC(2060, 0, 1) });

function localDate(at: number, timeZone: string): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" }).format(at);
}

function hoursOf(day: string, timeZone: string): number {
  const { from, to } = dayWindow(day, timeZone);
  return (to - from) / hour;
}

it("tiles time without gap or overlap, in any zone, over months, years and daylight saving", () => {
  holds(
    fc.property(moment, zone, fc.integer({ min: 2, max: 40 }), (at, timeZone, count) => {
      const days = daysToCover(at, timeZone, count);
      expect(days).toHaveLength(count);
      for (const [index, { from, to }] of days.entries()) {
        expect(to).toBeGreaterThan(from);
        const before = days[index + 1];
        if (before) expect(before.to).toBe(from);
      }
    }),
    150,
  );
});

it("gives a day the moments that its zone's calendar gives it, the first and the last millisecond included", () => {
  holds(
    fc.property(moment, zone, (at, timeZone) => {
      const { day, from, to } = dayWindow(localDate(at, timeZone), timeZone);
      expect(localDate(from, timeZone)).toBe(day);
      expect(localDate(to - 1, timeZone)).toBe(day);
      expect(localDate(from - 1, timeZone)).not.toBe(day);
      expect(localDate(to, timeZone)).not.toBe(day);
    }),
    150,
  );
});

it("covers no day before its last event has had 12 hours to become exportable, and the newest one that has", () => {
  holds(
    fc.property(moment, zone, (at, timeZone) => {
      const newest = dayWindow(newestDay(at, timeZone), timeZone);
      expect(newest.to + exportLagMs).toBeLessThanOrEqual(at);
      const next = dayWindow(localDate(newest.to, timeZone), timeZone);
      expect(next.to + exportLagMs).toBeGreaterThan(at);
    }),
    150,
  );
});

it("waits for the twelfth hour to the millisecond", () => {
  expect(newestDay(Date.UTC(2026, 10, 20, 12), "UTC")).toBe("2026-11-19");
  expect(newestDay(Date.UTC(2026, 10, 20, 12) - 1, "UTC")).toBe("2026-11-18");
});

it.each([
  ["the first of a month", "2026-12-01T13:30:00Z", ["2026-11-30", "2026-11-29"]],
  ["the first of a year", "2027-01-01T13:30:00Z", ["2026-12-31", "2026-12-30"]],
  ["the first of March in a leap year", "2028-03-01T13:30:00Z", ["2028-02-29", "2028-02-28"]],
  ["the first of March in another year", "2027-03-01T13:30:00Z", ["2027-02-28", "2027-02-27"]],
  ["the first of March 2100", "2100-03-01T13:30:00Z", ["2100-02-28", "2100-02-27"]],
])("covers yesterday on %s", (_, at, expected) => {
  expect(daysToCover(Date.parse(at), "UTC", 2).map(({ day }) => day)).toEqual(expected);
});

it("ends a day where the next one starts, not a minute or a millisecond earlier", () => {
  expect(dayWindow("2026-11-30", "UTC")).toEqual({
    day: "2026-11-30",
    from: Date.UTC(2026, 10, 30),
    to: Date.UTC(2026, 11, 1),
  });
});

it.each([
  ["in spring", "2026-03-29", "Europe/Berlin", 23],
  ["in autumn", "2026-10-25", "Europe/Berlin", 25],
  ["by half an hour", "2026-04-05", "Australia/Lord_Howe", 24.5],
  ["at midnight, which does not exist then", "2018-11-04", "America/Sao_Paulo", 23],
  ["at midnight, which comes twice then", "2018-02-17", "America/Sao_Paulo", 25],
])("knows how long a day is when clocks change %s", (_, day, timeZone, hours) => {
  expect(hoursOf(day, timeZone)).toBe(hours);
});

describe("days that a run is started for", () => {
  const at = Date.UTC(2026, 10, 20, 14);

  it("are covered once each, newest first", () => {
    const days = requestedDays(["2026-11-01", "2026-11-19", "2026-11-01"], at, "UTC");
    expect(days.map(({ day }) => day)).toEqual(["2026-11-19", "2026-11-01"]);
  });

  it("are refused before they can be archived, by name and with the newest that can be", () => {
    expect(() => requestedDays(["2026-11-19", "2026-11-20"], at, "UTC")).toThrow(InvalidInput);
    expect(() => requestedDays(["2026-11-20"], at, "UTC")).toThrow(/2026-11-20 .* 2026-11-19/);
  });
});

import fc from "fast-check";
import { nextOccurrence } from "../../../handlers/calendar/schedule";
import { InvalidInput } from "../../../handlers/contract/errors";
import { hour } from "../support/examples";
import { holds } from "../support/property";

const at = (text: string) => Date.parse(text);
const next = (expression: string, after: string, timeZone = "UTC") =>
  new Date(nextOccurrence({ expression, timeZone }, at(after))).toISOString();

it.each([
  ["every day", "cron(30 13 * * ? *)", "2026-11-20T13:30:00Z", "2026-11-21T13:30:00.000Z"],
  ["by name of the day", "cron(0 6 ? * MON-FRI *)", "2026-11-20T06:00:00Z", "2026-11-23T06:00:00.000Z"],
  [
    "by number of the day, of which AWS begins with Sunday",
    "cron(0 6 ? * 2-6 *)",
    "2026-11-20T06:00:00Z",
    "2026-11-23T06:00:00.000Z",
  ],
  ["on the second of these days in a month", "cron(0 6 ? * 2#2 *)", "2026-11-20T06:00:00Z", "2026-12-14T06:00:00.000Z"],
  ["on the last of these days in a month", "cron(0 6 ? * 6L *)", "2026-11-20T06:00:00Z", "2026-11-27T06:00:00.000Z"],
  ["on the last of a month", "cron(0 6 L * ? *)", "2027-02-01T00:00:00Z", "2027-02-28T06:00:00.000Z"],
  ["on the first Monday", "cron(0 6 ? * MON#1 *)", "2026-11-20T00:00:00Z", "2026-12-07T06:00:00.000Z"],
  ["every six hours", "cron(0 0/6 * * ? *)", "2026-11-20T06:00:00Z", "2026-11-20T12:00:00.000Z"],
  ["in a certain year", "cron(0 6 1 1 ? 2028)", "2026-11-20T06:00:00Z", "2028-01-01T06:00:00.000Z"],
])("finds the next moment of a schedule that fires %s", (_, expression, after, expected) => {
  expect(next(expression, after)).toBe(expected);
});

it("always answers a later moment", () => {
  const moment = fc.integer({ min: at("2020-01-01T00:00:00Z"), max: at("2040-01-01T00:00:00Z") });
  const expression = fc.constantFrom("cron(30 13 * * ? *)", "cron(0 0/5 * * ? *)", "rate(1 day)", "rate(90 minutes)");
  const timeZone = fc.constantFrom("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe");
  holds(
    fc.property(expression, timeZone, moment, (expression, timeZone, after) => {
      const occurrence = nextOccurrence({ expression, timeZone }, after);
      expect(occurrence).toBeGreaterThan(after);
      expect(occurrence - after).toBeLessThanOrEqual(26 * hour);
    }),
  );
});

it("follows the schedule's zone over a change of clocks", () => {
  expect(next("cron(30 13 * * ? *)", "2026-03-28T12:30:00Z", "Europe/Berlin")).toBe("2026-03-29T11:30:00.000Z");
  expect(next("cron(30 13 * * ? *)", "2026-10-24T11:30:00Z", "Europe/Berlin")).toBe("2026-10-25T12:30:00.000Z");
});

it.each([
  ["Australia/Sydney", "2026-10-03T00:00:00Z", "2026-10-04T15:30:00.000Z"],
  ["Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-30T00:30:00.000Z"],
  ["America/New_York", "2026-03-07T12:00:00Z", "2026-03-09T06:30:00.000Z"],
])("leaves out the day in %s whose clocks do not show 02:30", (timeZone, after, expected) => {
  expect(next("cron(30 2 * * ? *)", after, timeZone)).toBe(expected);
});

it("fires on such a day at the local times that there are", () => {
  const hourly = "cron(30 * * * ? *)";
  expect(next(hourly, "2026-10-03T15:30:00Z", "Australia/Sydney")).toBe("2026-10-03T16:30:00.000Z");
  expect(next(hourly, "2026-03-29T00:30:00Z", "Europe/Berlin")).toBe("2026-03-29T01:30:00.000Z");
});

it("fires once at a local time that comes twice", () => {
  const twice = (after: string) => next("cron(30 2 * * ? *)", after, "Europe/Berlin");
  expect(twice("2026-10-24T12:00:00Z")).toBe("2026-10-25T00:30:00.000Z");
  // Between the two, at the second, and after both.
  for (const after of ["2026-10-25T00:30:00Z", "2026-10-25T01:10:00Z", "2026-10-25T01:30:00Z"])
    expect(twice(after)).toBe("2026-10-26T01:30:00.000Z");
});

it.each([
  ["neither cron nor rate", "every day", /neither cron.* nor rate/],
  ["standard cron of five fields", "cron(30 13 * * *)", /neither cron.* nor rate/],
  ["a rate without a unit", "rate(1)", /neither cron.* nor rate/],
  ["fields out of their range", "cron(99 99 * * ? *)", /cron\(99 99/],
  ["a year that is over", "cron(0 6 * * ? 2020)", /never fires/],
])("refuses %s, and says what is wrong", (_, expression, message) => {
  const refused = () => next(expression, "2026-11-20T00:00:00Z");
  expect(refused).toThrow(InvalidInput);
  expect(refused).toThrow(message);
});

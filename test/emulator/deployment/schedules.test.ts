import { nextFiring } from "../../../apps/emulator";
import { scheduledExecution } from "../../../apps/emulator/deployment/schedules";

const at = (text: string) => Date.parse(text);
const createdAt = at("2026-01-01T00:10:00Z");

const occurrences: readonly [string, string, string, string][] = [
  ["cron(30 13 * * ? *)", "UTC", "2026-01-01T13:30:00Z", "2026-01-02T13:30:00Z"],
  ["cron(0 9 ? * 1 *)", "UTC", "2026-01-01T00:00:00Z", "2026-01-04T09:00:00Z"],
  ["cron(0 9 ? * MON-FRI *)", "UTC", "2026-01-02T09:00:00Z", "2026-01-05T09:00:00Z"],
  ["cron(0 9 L * ? *)", "UTC", "2026-02-01T00:00:00Z", "2026-02-28T09:00:00Z"],
  ["cron(0 14 * * ? *)", "Europe/Berlin", "2026-03-28T20:00:00Z", "2026-03-29T12:00:00Z"],
  ["cron(30 2 * * ? *)", "Australia/Sydney", "2026-10-03T00:00:00Z", "2026-10-04T15:30:00Z"],
  ["cron(30 2 * * ? *)", "Europe/Berlin", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"],
  ["rate(6 hours)", "UTC", "2026-01-01T06:10:00Z", "2026-01-01T12:10:00Z"],
  ["rate(1 day)", "UTC", "2026-01-01T00:10:00Z", "2026-01-02T00:10:00Z"],
  ["at(2026-07-01T12:00:00)", "Europe/Berlin", "2026-01-01T00:00:00Z", "2026-07-01T10:00:00Z"],
];

test.each(occurrences)("%s in %s fires next after %s at %s", (expression, timeZone, after, next) => {
  expect(nextFiring({ expression, timeZone, createdAt }, at(after))).toBe(at(next));
});

test("a moment that is over does not come again", () => {
  const expression = "at(2026-01-01T00:00:00)";
  expect(nextFiring({ expression, timeZone: "UTC", createdAt }, at("2026-01-02T00:00:00Z"))).toBeUndefined();
});

test.each(["cron(30 13 * * *)", "cron(30 13 * * * *)", "rate(0 days)", "every day"])("%s is refused", (expression) => {
  expect(() => nextFiring({ expression, timeZone: "UTC", createdAt }, createdAt)).toThrow(expression);
});

test("a schedule puts the scheduled time and its own names into the input", () => {
  const schedule = {
    name: "daily",
    scheduleArn: "arn:aws:scheduler:eu-central-1:111122223333:schedule/default/daily",
    region: "eu-central-1",
    expression: "rate(1 day)",
    timeZone: "UTC",
    enabled: true,
    stateMachineArn: "arn",
    input: '{"at":"<aws.scheduler.scheduled-time>","by":"<aws.scheduler.schedule-arn>"}',
    createdAt,
  };
  const { name, input } = scheduledExecution(schedule, at("2026-01-01T13:30:00Z"), 1);
  expect(name).toMatch(/^[\w-]{1,80}$/);
  expect(input).toEqual({ at: "2026-01-01T13:30:00Z", by: schedule.scheduleArn });
});

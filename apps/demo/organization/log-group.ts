import type { LogEvent, LogGroup, LogStream } from "../../emulator";
import type { AccountRegion } from "./content/content";
import { DAY, type Days, HOUR } from "./days";
import type { LogGroupPlan } from "./log-group-plan";
import { type Random, randomFor } from "./random";

const MINUTE = 60_000;
/** No activity lasts longer. */
const LONGEST_ACTIVITY = 5 * MINUTE;

/** Fills a planned log group. Events of a stream are in time order, as CloudWatch Logs returns them. */
export function logGroup(
  plan: LogGroupPlan,
  accountRegion: AccountRegion,
  days: Days,
  options: { readonly seed: number; readonly crossMidnightIngestion: boolean; readonly withoutMidnights: boolean },
): LogGroup {
  const randomOf = (...part: string[]) =>
    randomFor(options.seed, accountRegion.account, accountRegion.region, plan.name, ...part);
  const streams = new Map<string, LogEvent[]>();
  const eventsOfStream = (name: string) => {
    const events = streams.get(name) ?? [];
    streams.set(name, events);
    return events;
  };
  for (const [daysBack, count] of eventsPerDay(plan, days)) {
    const day = new Date(days.start(daysBack)).toISOString().slice(0, 10);
    const random = randomOf(day);
    const names = plan.kind.streams(plan.kind.newStreamsDaily ? random : randomOf("streams"), accountRegion, day);
    const span = daysBack < 0 ? LONGEST_ACTIVITY : DAY - LONGEST_ACTIVITY;
    for (let written = 0; written < count; ) {
      const activity = plan.kind.activity(random, days.start(daysBack) + random.int(0, span), accountRegion);
      const delay = daysBack < 0 ? random.int(0, MINUTE) : ingestionDelay(random);
      const events = eventsOfStream(random.pick(names));
      for (const { timestamp, message } of activity) {
        events.push({ timestamp, ingestionTime: sameDay(timestamp, timestamp + delay), message });
      }
      written += activity.length;
    }
  }
  if (plan.atMidnight && !options.withoutMidnights) eventsOfStream("midnight").push(...midnights(days));
  if (plan.overMidnight && options.crossMidnightIngestion) {
    eventsOfStream("over-midnight").push(...overMidnight(plan.overMidnight, days, randomOf("over-midnight")));
  }
  return {
    account: accountRegion.account,
    region: accountRegion.region,
    name: plan.name,
    logGroupClass: plan.logGroupClass ?? "STANDARD",
    createdAt: createdAt(plan, days, randomOf("created")),
    ...(plan.retentionInDays === undefined ? {} : { retentionInDays: plan.retentionInDays }),
    ...(plan.encrypted && {
      kmsKeyId: `arn:aws:kms:${accountRegion.region}:${accountRegion.account}:key/${randomOf("key").uuid()}`,
    }),
    ...(plan.dataProtected && { dataProtected: true }),
    ...(plan.tags && { tags: plan.tags }),
    streams: [...streams].map(([name, events]) => ({ name, events: inTimeOrder(events) })).sort(byName),
  };
}

function eventsPerDay(plan: LogGroupPlan, days: Days): readonly [daysBack: number, count: number][] {
  const all: [number, number][] = [
    [-1, plan.today ?? 0],
    [0, plan.newest ?? 0],
  ];
  for (let daysBack = 1; daysBack < days.count; daysBack++) all.push([daysBack, plan.earlier ?? 0]);
  if (plan.before) all.push([days.count - 1 + plan.before.days, plan.before.events]);
  // The run comes up to a day after the newest full day: what retention has removed by then is not there.
  return all.filter(([daysBack]) => plan.retentionInDays === undefined || daysBack + 2 <= plan.retentionInDays);
}

/** Seconds as a rule, hours now and then. */
const ingestionDelay = (random: Random) => (random.chance(3) ? random.int(HOUR, 6 * HOUR) : random.int(100, 20_000));

/** `ingestionTime`, or the last millisecond of the day of `timestamp` if that is sooner. */
const sameDay = (timestamp: number, ingestionTime: number) =>
  Math.min(ingestionTime, (Math.floor(timestamp / DAY) + 1) * DAY - 1);

function midnights(days: Days): readonly LogEvent[] {
  const at = (timestamp: number, what: string) => ({
    timestamp,
    ingestionTime: timestamp,
    message: `heartbeat ${what}`,
  });
  return Array.from({ length: days.count + 1 }, (_, daysBack) => days.start(daysBack - 1)).flatMap((midnight) => [
    at(midnight - 1, "on the last millisecond of a day"),
    at(midnight, "on the first millisecond of a day"),
  ]);
}

function overMidnight(count: number, days: Days, random: Random): readonly LogEvent[] {
  return Array.from({ length: days.count }, (_, daysBack) => days.start(daysBack - 1)).flatMap((midnight) =>
    Array.from({ length: count }, (_, index) => ({
      timestamp: midnight - random.int(1, 10 * MINUTE),
      ingestionTime: midnight + random.int(0, 3 * HOUR),
      message: `buffered reading ${index + 1}, sent when the line was back`,
    })),
  );
}

function createdAt(plan: LogGroupPlan, days: Days, random: Random): number {
  if (plan.createdDaysBack === undefined) return days.start(random.int(120, 900)) + random.int(0, DAY - 1);
  return days.start(plan.createdDaysBack) + (plan.createdDaysBack < 0 ? 5 * MINUTE : 0);
}

const inTimeOrder = (events: readonly LogEvent[]) =>
  events.toSorted((a, b) => a.timestamp - b.timestamp || a.ingestionTime - b.ingestionTime);

const byName = (a: LogStream, b: LogStream) => (a.name < b.name ? -1 : 1);

import {
  type DemoOrganizationOptions,
  demoOrganization,
  InvalidDemoDays,
  InvalidOrganizationalUnit,
} from "../../../apps/demo/organization";
import type { LogEvent, LogGroup } from "../../../apps/emulator";

const DAY = 86_400_000;
const options: DemoOrganizationOptions = {
  seed: 7,
  organizationId: "o-exampleorg",
  logArchiveAccount: "111122223333",
  organizationalUnit: "ou-ab12-cdef3456",
  regions: ["eu-central-1", "us-east-1"],
  lastDay: "2026-11-21",
  days: 4,
};
const newest = Date.parse("2026-11-21T00:00:00Z");
const windowStart = newest - 3 * DAY;
const windowEnd = newest + DAY;

const world = demoOrganization(options);
const eventsOf = (group: LogGroup) => group.streams.flatMap((stream) => stream.events);
const inWindow = ({ timestamp }: LogEvent) => timestamp >= windowStart && timestamp < windowEnd;
const dayOf = (at: number) => Math.floor(at / DAY);
const account = (name: string) => {
  const found = world.accounts.find((candidate) => candidate.name === name);
  if (!found) throw new Error(`no account ${name}`);
  return found;
};
const group = (accountName: string, name: string) => {
  const found = world.logGroups.find((each) => each.account === account(accountName).id && each.name === name);
  if (!found) throw new Error(`no log group ${name}`);
  return found;
};
const duplicates = (keys: readonly string[]) => keys.filter((key, index) => keys.indexOf(key) !== index);

describe("the demo organisation", () => {
  it("is the same world for the same seed, and another one for another seed", () => {
    expect(JSON.stringify(demoOrganization(options))).toBe(JSON.stringify(world));
    expect(JSON.stringify(demoOrganization({ ...options, seed: 8 }))).not.toBe(JSON.stringify(world));
  });

  it("has a management account and 12 accounts in three organisational units, one suspended and one being closed", () => {
    expect(world.accounts).toHaveLength(13);
    expect(world.organizationalUnits).toHaveLength(3);
    expect(world.accounts.map(({ state }) => state).filter((state) => state !== "ACTIVE")).toEqual([
      "SUSPENDED",
      "PENDING_CLOSURE",
    ]);
    expect(account("management").id).toBe(world.organization.managementAccount);
    expect(account("log-archive").id).toBe(options.logArchiveAccount);
  });

  it("puts every account but the management account inside the targeted organisational unit", () => {
    const parents = new Map(world.organizationalUnits.map(({ id, parent }) => [id, parent]));
    const isInside = (id: string | undefined): boolean =>
      id !== undefined && (id === options.organizationalUnit || isInside(parents.get(id)));
    const outside = world.accounts.filter(({ parent }) => !isInside(parent));
    expect(outside.map(({ name }) => name)).toEqual(["management"]);
    expect(account("management").parent).toBe(world.organization.rootId);
  });

  it("is as large as promised: about 150 log groups and 100,000 events, most of them on the newest day", () => {
    const events = world.logGroups.flatMap(eventsOf);
    expect(world.logGroups.length).toBeGreaterThanOrEqual(145);
    expect(world.logGroups.length).toBeLessThanOrEqual(165);
    expect(events.length).toBeGreaterThanOrEqual(90_000);
    expect(events.length).toBeLessThanOrEqual(125_000);
    expect(events.filter(({ timestamp }) => dayOf(timestamp) === dayOf(newest)).length / events.length).toBeGreaterThan(
      0.7,
    );
  });

  it.each([
    { days: 1, least: 130 },
    { days: 2, least: 180 },
    { days: 4, least: 250 },
  ])("has at least $least items with data when the run covers $days days", ({ days, least }) => {
    const items = demoOrganization({ ...options, days }).logGroups.flatMap((each) => [
      ...new Set(
        eventsOf(each)
          .map(({ timestamp }) => dayOf(timestamp))
          .filter((day) => day > dayOf(newest) - days && day <= dayOf(newest)),
      ),
    ]);
    expect(items.length).toBeGreaterThanOrEqual(least);
  });

  it("has only names and ids that AWS allows", () => {
    const illegal = [
      ...world.accounts.filter(({ id }) => !/^\d{12}$/.test(id)),
      ...world.organizationalUnits.filter(({ id }) => !/^ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}$/.test(id)),
      ...world.logGroups.filter(({ name }) => !/^[.\-_/#A-Za-z0-9]{1,512}$/.test(name)),
      ...world.logGroups.flatMap(({ streams }) => streams).filter(({ name }) => !/^[^:*]{1,512}$/.test(name)),
    ];
    expect(illegal).toEqual([]);
    expect(world.organization.rootId).toMatch(/^r-[0-9a-z]{4,32}$/);
  });

  it("names nothing twice, not even after CloudWatch Logs writes a stream's / as -", () => {
    expect(duplicates(world.accounts.map(({ id }) => id))).toEqual([]);
    expect(duplicates(world.logGroups.map((each) => `${each.account} ${each.region} ${each.name}`))).toEqual([]);
    for (const { streams } of world.logGroups) {
      expect(duplicates(streams.map(({ name }) => name.replaceAll("/", "-")))).toEqual([]);
    }
  });

  it("has events that CloudWatch Logs accepts: not empty, at most 1 MiB, ingested when they happened or later, in order", () => {
    const bad = world.logGroups.flatMap(({ streams }) =>
      streams.flatMap(({ events }) =>
        events.filter(
          ({ timestamp, ingestionTime, message }, index) =>
            message.length === 0 ||
            Buffer.byteLength(message) > 1_048_550 ||
            ingestionTime < timestamp ||
            timestamp < (events[index - 1]?.timestamp ?? 0),
        ),
      ),
    );
    expect(bad).toEqual([]);
  });

  it("keeps every event's ingestion on the day of its timestamp, some hours late at times", () => {
    const events = world.logGroups.flatMap(eventsOf);
    expect(events.filter((event) => dayOf(event.timestamp) !== dayOf(event.ingestionTime))).toEqual([]);
    expect(events.some((event) => event.ingestionTime - event.timestamp > 3 * 3_600_000)).toBe(true);
  });

  it("crosses midnight with ingestion only when asked, and only in prod-web's /iot/heartbeats", () => {
    const crossing = demoOrganization({ ...options, crossMidnightIngestion: true }).logGroups.flatMap((each) =>
      eventsOf(each)
        .filter((event) => dayOf(event.timestamp) !== dayOf(event.ingestionTime))
        .map((event) => `${each.account} ${each.name} ${dayOf(event.ingestionTime) - dayOf(event.timestamp)}`),
    );
    expect(new Set(crossing)).toEqual(new Set([`${account("prod-web").id} /iot/heartbeats 1`]));
    expect(crossing).toHaveLength(25 * options.days);
  });

  it("has no event after the newest day but in the first ten minutes of the next, in four log groups", () => {
    const later = world.logGroups
      .map((each) => ({ name: each.name, events: eventsOf(each).filter(({ timestamp }) => timestamp >= windowEnd) }))
      .filter(({ events }) => events.length > 0);
    expect(later.map(({ name }) => name).sort()).toEqual([
      "/aws/lambda/released-today",
      "/aws/lambda/stream-reader",
      "/ecs/live-chat",
      "/iot/heartbeats",
    ]);
    const lastMoment = windowEnd + 10 * 60_000;
    expect(later.flatMap(({ events }) => events).filter(({ ingestionTime }) => ingestionTime > lastMoment)).toEqual([]);
  });

  it("has all events of the window in log groups that can be exported", () => {
    const unreachable = new Set([account("management").id, account("legacy-intranet").id]);
    const stuck = world.logGroups.filter(
      (each) =>
        (unreachable.has(each.account) || each.logGroupClass === "DELIVERY" || each.createdAt >= windowEnd) &&
        eventsOf(each).some(inWindow),
    );
    expect(stuck).toEqual([]);
  });

  it("has nothing that retention would have removed before the run could come", () => {
    const expired = world.logGroups.filter(
      ({ retentionInDays, ...each }) =>
        retentionInDays !== undefined &&
        eventsOf({ ...each }).some(({ timestamp }) => timestamp < windowEnd + DAY - retentionInDays * DAY),
    );
    expect(expired).toEqual([]);
  });

  it("has events on the first and the last millisecond of every day in reach, and just outside", () => {
    const timestamps = new Set(eventsOf(group("prod-web", "/iot/heartbeats")).map(({ timestamp }) => timestamp));
    for (let midnight = windowStart; midnight <= windowEnd; midnight += DAY) {
      expect([timestamps.has(midnight - 1), timestamps.has(midnight)]).toEqual([true, true]);
    }
  });

  it("has an account whose log groups do not fit one page of DescribeLogGroups, and one without any", () => {
    const inFirstRegion = world.logGroups.filter(
      (each) => each.account === account("prod-payments").id && each.region === "eu-central-1",
    );
    expect(inFirstRegion.length).toBeGreaterThan(50);
    expect(world.logGroups.filter((each) => each.account === account("sandbox-maria").id)).toEqual([]);
  });

  it("has the unusual log groups: empty, quiet, new, later, infrequent, delivered, encrypted, protected, careful names", () => {
    const newestEvent = (each: LogGroup) => Math.max(...eventsOf(each).map(({ timestamp }) => timestamp));
    expect(group("prod-payments", "/aws/lambda/never-invoked").streams).toEqual([]);
    expect(newestEvent(group("prod-payments", "/aws/lambda/capture-payment-v1"))).toBeLessThan(windowStart - 14 * DAY);
    const recent = newestEvent(group("prod-payments", "/aws/lambda/quarterly-report"));
    expect(recent).toBeLessThan(windowStart);
    expect(recent).toBeGreaterThan(windowStart - 14 * DAY);
    expect(group("prod-payments", "/aws/lambda/released-today").createdAt).toBeGreaterThan(windowEnd);
    expect(group("prod-data", "/aws/lambda/new-feature").createdAt).toBe(newest);
    expect(group("prod-web", "/debug/shop").logGroupClass).toBe("INFREQUENT_ACCESS");
    expect(eventsOf(group("prod-web", "/debug/shop")).some(inWindow)).toBe(true);
    expect(group("prod-data", "/aws/lambda/delivered-elsewhere").logGroupClass).toBe("DELIVERY");
    expect(group("security-tooling", "/ecs/vault-audit").kmsKeyId).toMatch(/^arn:aws:kms:eu-central-1:\d{12}:key\//);
    expect(group("prod-payments", "/ecs/customer-profile").dataProtected).toBe(true);
    expect(eventsOf(group("prod-payments", "-aws-lambda-a")).some(inWindow)).toBe(true);
    expect(eventsOf(group("prod-payments", "/aws/lambda/a")).some(inWindow)).toBe(true);
  });

  it("has messages that end with a newline, span lines and go beyond ASCII, and none with a line that looks exported", () => {
    const messages = world.logGroups.flatMap(eventsOf).map(({ message }) => message);
    expect(messages.some((message) => message.endsWith("\n"))).toBe(true);
    expect(messages.some((message) => message.includes("\n\tat com.example"))).toBe(true);
    expect(messages.some((message) => message.includes("注文"))).toBe(true);
    expect(messages.some((message) => message.includes("👩‍👩‍👧‍👦"))).toBe(true);
    expect(messages.filter((message) => /\n\d{4}-\d{2}-\d{2}T\S+Z /.test(message))).toEqual([]);
  });

  it.each(["2026-11-31", "21.11.2026"])("refuses %s as the newest day", (lastDay) => {
    expect(() => demoOrganization({ ...options, lastDay })).toThrow(InvalidDemoDays);
  });

  it.each([0, 1.5])("refuses to cover %s days", (days) => {
    expect(() => demoOrganization({ ...options, days })).toThrow(InvalidDemoDays);
  });

  it("refuses an organisational unit id that Organizations would not give", () => {
    expect(() => demoOrganization({ ...options, organizationalUnit: "Workloads" })).toThrow(InvalidOrganizationalUnit);
  });
});

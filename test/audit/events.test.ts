import type { WindowReading } from "../../apps/emulator";
import { epochMilliseconds } from "../../handlers/archive/sql/expressions";
import { unseenObjects, windowEnds } from "../../handlers/archive/sql/questions";
import { closeAll, emulate } from "../handlers/support/emulated";
import { logGroup, world } from "../handlers/support/organisation";
import { runOnce } from "../handlers/support/run";
import {
  account,
  bucket,
  days,
  makeArchive,
  midnight,
  orphan,
  otherAccount,
  otherRegion,
  region,
  sourceEvents,
} from "./support/archive";
import { read } from "./support/athena";
import { LocalAthena } from "./support/duckdb";

const dayOf = (epochMs: number) => new Date(epochMs).toISOString().slice(0, 10);
const isHidden = (logStream: string) => /^[_.]/.test(logStream);

describe.each(["event-time", "ingestion-time"] as const)("when CloudWatch Logs filters by %s", (reading) => {
  let athena: LocalAthena;
  beforeAll(async () => {
    athena = await LocalAthena.create(read(await makeArchive(reading)));
  });
  afterAll(async () => {
    athena.close();
    await closeAll();
  });

  test("events has every archived event once, with its log group and stream", async () => {
    const rows = await athena.rows(
      `SELECT day, ${epochMilliseconds("ts")} AS ts, region, account, log_group, log_stream, message FROM events WHERE ts IS NOT NULL`,
    );
    expect(sorted(rows.map(Object.values))).toEqual(sorted(expectedRows(reading)));
  });

  test("further lines of an event are found, without a time and without blank ones", async () => {
    const rows = await athena.rows("SELECT message FROM events WHERE ts IS NULL");
    expect(rows.map(({ message }) => message).sort()).toEqual(
      ["  at a.b(c.java:1)", "  at d.e(f.java:2)", "2026-99-99T99:99:99.999Z is no time", "return", further].sort(),
    );
  });

  test("orphans and write tests are lines of the archive, and no events", async () => {
    const paths = await athena.rows(`SELECT DISTINCT "$path" AS path FROM raw_lines`);
    expect(paths.some(({ path }) => String(path).includes(orphan))).toBe(true);
    expect(paths.some(({ path }) => String(path).endsWith("/aws-logs-write-test"))).toBe(true);
    expect(await athena.rows(`SELECT * FROM events WHERE task_id = '${orphan}'`)).toEqual([]);
    expect(await athena.rows("SELECT * FROM events WHERE message LIKE '%Permission Check%'")).toEqual([]);
  });

  test("what is left to the next window can be looked at, and whether it is there", async () => {
    const rows = await athena.rows(windowEnds({ account, day: days[1] }));
    const found = Object.fromEntries(rows.map(({ message, found }) => [message, found]));
    expect(found).toEqual(
      reading === "event-time"
        ? {
            "exactly at midnight": "in the next window",
            "stamped ahead of its ingestion": "in the next window",
          }
        : { "stamped ahead of its ingestion": "in this window only" },
    );
  });

  test("a stream that Athena passes over is missed against its receipt", async () => {
    const rows = await athena.rows(unseenObjects({ account, day: days[2] }));
    expect(rows).toMatchObject([{ region, log_group: "/aws/lambda/a.b-c_d#e", objects: "2", seen: "1" }]);
    expect(await athena.rows(unseenObjects({ account, day: days[0] }))).toEqual([]);
  });
});

test("further lines of an event stamped exactly at midnight are shown with both days, its first line with one", async () => {
  const events = [{ timestamp: midnight, ingestionTime: midnight, message: "at midnight\n  at a.b(c.java:1)" }];
  const emulated = await emulate({
    world: world([logGroup("/app/web", { streams: [{ name: "main", events }] })]),
    logs: { windowReading: "event-time" },
  });
  await runOnce(emulated, { lookbackDays: days.length });
  const archived = emulated
    .keys()
    .map((key) => ({ bucket, key, body: emulated.cloud.s3.object(bucket, key)?.body ?? Buffer.alloc(0) }));
  const athena = await LocalAthena.create(read(archived));
  const rows = await athena.rows("SELECT day, message FROM events ORDER BY day, message DESC");
  athena.close();
  await closeAll();
  expect(rows.map(({ day, message }) => [day, message])).toEqual([
    [days[1], "  at a.b(c.java:1)"],
    [days[2], "at midnight"],
    [days[2], "  at a.b(c.java:1)"],
  ]);
});

const further = "and 'quoted' \"text\" \\ \t ünïcode \u2028 ERROR";

/** What the members put in, as it has to come out. */
function expectedRows(reading: WindowReading): unknown[][] {
  return sourceEvents.flatMap((event) => {
    const { account, logGroup, logStream, timestamp, ingestionTime, message } = event;
    const day = dayOf(reading === "event-time" ? timestamp : ingestionTime);
    // CloudWatch Logs wrote it, but at the very end of a window: the next one's, if it filters by event time.
    const isLeftOut = reading === "ingestion-time" && timestamp === midnight && ingestionTime < midnight;
    if (isLeftOut || isHidden(logStream)) return [];
    const [first] = message.split(/\r\n|\n|\r/);
    const inRegion = (region: string) => [
      day,
      String(timestamp),
      region,
      account,
      logGroup,
      logStream.replaceAll("/", "-"),
      first,
    ];
    return account === otherAccount ? [inRegion(region), inRegion(otherRegion)] : [inRegion(region)];
  });
}

function sorted(rows: readonly unknown[][]): string[] {
  return rows.map((row) => JSON.stringify(row)).sort();
}

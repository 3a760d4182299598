import type { WindowReading } from "../../apps/emulator";
import { sealKey } from "../../handlers/archive/layout";
import { type Seal, SealedItem } from "../../handlers/archive/seals";
import { epochMilliseconds } from "../../handlers/archive/sql/expressions";
import { closeAll } from "../handlers/support/emulated";
import {
  type ArchivedObject,
  account,
  bucket,
  days,
  makeArchive,
  orphan,
  otherAccount,
  otherRegion,
  region,
  sourceEvents,
} from "./support/archive";
import { read } from "./support/athena";
import { LocalAthena } from "./support/duckdb";

const dayOf = (epochMs: number) => new Date(epochMs).toISOString().slice(0, 10);

describe.each(["event-time", "ingestion-time"] as const)("when CloudWatch Logs filters by %s", (reading) => {
  let athena: LocalAthena;
  beforeAll(async () => {
    athena = await LocalAthena.create(read(await makeArchive(reading, true)));
  });
  afterAll(async () => {
    athena.close();
    await closeAll();
  });

  test("events has every archived event once, whole, with its log group and stream, whatever these are called", async () => {
    const rows = await athena.rows(
      `SELECT day, ${epochMilliseconds("ts")} AS ts, region, account, log_group, log_stream, message FROM events`,
    );
    expect(sorted(rows.map(Object.values))).toEqual(sorted(expectedRows(reading)));
  });

  test("orphans and write tests are lines of the archive, and no events", async () => {
    const paths = await athena.rows(`SELECT DISTINCT "$path" AS path FROM raw_lines`);
    expect(paths.some(({ path }) => String(path).includes(orphan))).toBe(true);
    expect(paths.some(({ path }) => String(path).endsWith("/aws-logs-write-test"))).toBe(true);
    expect(await athena.rows(`SELECT * FROM events WHERE task_id = '${orphan}'`)).toEqual([]);
    expect(await athena.rows("SELECT * FROM events WHERE message LIKE '%Permission Check%'")).toEqual([]);
  });
});

describe("the seals say which event files count", () => {
  let objects: ArchivedObject[];
  beforeAll(async () => {
    objects = await makeArchive("event-time", true);
  });
  afterAll(closeAll);

  /** How many events there are of a log group's day, by task. */
  async function counted(changed: readonly ArchivedObject[]): Promise<Record<string, number>> {
    const athena = await LocalAthena.create(read(changed));
    const rows = await athena.rows(
      `SELECT task_id, count(*) AS n FROM events
       WHERE region = '${region}' AND account = '${account}' AND log_group = '/app/web' AND day = '${days[2]}' GROUP BY 1`,
    );
    athena.close();
    return Object.fromEntries(rows.map(({ task_id, n }) => [task_id, Number(n)]));
  }

  const sealOf = (n: number) => sealKey(days[2], account, n);
  const seal = (): Seal => JSON.parse(objects.find(isFirstSeal)?.body.toString("utf8") ?? "");
  const isFirstSeal = (object: ArchivedObject) => object.bucket === bucket && object.key === sealOf(1);
  const put = (key: string, record: object): ArchivedObject => ({
    bucket,
    key,
    body: Buffer.from(JSON.stringify(record)),
  });
  const itemOf = (logGroup: string) =>
    SealedItem.parse(seal().items.find((item) => item.logGroup === logGroup) ?? { logGroup });

  test("what no seal names is not counted: a death leaves it behind", async () => {
    const unnamed = objects.map((object) =>
      isFirstSeal(object) ? put(sealOf(1), { ...seal(), eventFiles: [] }) : object,
    );
    expect(Object.keys(await counted(objects))).toHaveLength(1);
    expect(await counted(unnamed)).toEqual({});
  });

  test("a file that two seals name is counted once", async () => {
    const again = put(sealOf(2), { ...seal(), n: 2, items: [], coverage: [] });
    expect(await counted([...objects, again])).toEqual(await counted(objects));
  });

  test("the tasks of a later receipt replace those of the earlier, also where it has none with objects", async () => {
    const item = itemOf("/app/web");
    const later = { ...item, receipt: item.receipt.replace(".1.json", ".10.json"), objects: [] };
    const second = put(sealOf(2), { ...seal(), n: 2, items: [later], coverage: [], eventFiles: [] });
    expect(await counted([...objects, second])).toEqual({});
  });

  test("of a task that an earlier receipt has, too, the files of the later receipt's seal count, and no others", async () => {
    const item = itemOf("/app/web");
    const later = { ...item, receipt: item.receipt.replace(".1.json", ".10.json") };
    const withFiles = put(sealOf(2), { ...seal(), n: 2, items: [later], coverage: [] });
    expect(await counted([...objects, withFiles])).toEqual(await counted(objects));
    const withoutFiles = put(sealOf(2), { ...seal(), n: 2, items: [later], coverage: [], eventFiles: [] });
    expect(await counted([...objects, withoutFiles])).toEqual({});
  });
});

/** What the members put in, as it has to come out. */
function expectedRows(reading: WindowReading): unknown[][] {
  return sourceEvents.flatMap((event) => {
    const { account, logGroup, logStream, timestamp, ingestionTime, message } = event;
    const day = dayOf(reading === "event-time" ? timestamp : ingestionTime);
    const inRegion = (region: string) => [
      day,
      String(timestamp),
      region,
      account,
      logGroup,
      logStream.replaceAll("/", "-"),
      message,
    ];
    return account === otherAccount ? [inRegion(region), inRegion(otherRegion)] : [inRegion(region)];
  });
}

function sorted(rows: readonly unknown[][]): string[] {
  return rows.map((row) => JSON.stringify(row)).sort();
}

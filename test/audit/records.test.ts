import { type CoverageLine, Receipt } from "../../handlers/archive/records";
import { closeAll } from "../handlers/support/emulated";
import { coverageLine } from "../handlers/support/examples";
import { type ArchivedObject, days, makeArchive, otherAccount } from "./support/archive";
import { read } from "./support/athena";
import { LocalAthena } from "./support/duckdb";
import { overRecords } from "./support/raw-records";

afterAll(closeAll);

const moment = (text: string) =>
  new Date(text)
    .toISOString()
    .slice(0, -1)
    .replace("T", " ")
    .replace(/\.?0*$/, "");
const same = (rows: readonly object[]) => rows.map((row) => JSON.stringify(row)).sort();

describe("over an archive", () => {
  let objects: ArchivedObject[];
  let athena: LocalAthena;
  beforeAll(async () => {
    objects = await makeArchive("event-time");
    athena = await LocalAthena.create(read(objects));
  });
  afterAll(() => athena.close());

  test("receipts has a row per task of every standing receipt, with all that the receipt says", async () => {
    const standing = objects.filter((object) => object.key.startsWith("receipts/") && !isSuperseded(objects, object));
    const expected = standing.flatMap(({ body }) => {
      const { tasks, ...receipt } = Receipt.parse(JSON.parse(body.toString("utf8")));
      return tasks.map((task) => ({
        account: receipt.account,
        region: receipt.region,
        log_group: receipt.logGroup,
        day: receipt.day,
        task_id: task.taskId,
        prefix: task.prefix,
        from_ms: String(task.from),
        to_ms: String(task.to),
        objects: String(task.objects),
        bytes: String(task.bytes),
        listing_sha256: task.listingSha256,
        created_at: moment(task.createdAt),
        completed_at: moment(task.completedAt),
        run_id: receipt.runId,
        at: moment(receipt.at),
      }));
    });
    const rows = await athena.rows("SELECT * FROM receipts");
    expect(same(rows.map(trimTimes))).toEqual(same(expected));
  });

  test("the highest receipt of an item stands: 10 is more than 2", async () => {
    const rows = await athena.rows(
      `SELECT run_id FROM receipts WHERE account = '${otherAccount}' AND day = '${days[1]}' AND region = 'eu-central-1'`,
    );
    expect(rows).toEqual([{ run_id: "run-10" }]);
  });

  test("coverage has every line that runs wrote, with all that it says", async () => {
    const lines = objects
      .filter(({ key }) => key.startsWith("coverage/"))
      .flatMap(({ body }) => body.toString("utf8").trim().split("\n"))
      .map((line): CoverageLine => JSON.parse(line));
    const expected = lines.map((line) => ({
      account: line.account,
      region: line.region,
      log_group: line.logGroup,
      day: line.day,
      outcome: line.outcome,
      reason: line.reason ?? null,
      task_ids: line.taskIds ?? null,
      objects: line.objects === undefined ? null : String(line.objects),
      bytes: line.bytes === undefined ? null : String(line.bytes),
      log_class: line.logClass ?? null,
      retention_in_days: line.retentionInDays ?? null,
      masked: line.masked ?? null,
      run_id: line.runId,
      at: moment(line.at),
    }));
    expect(same((await athena.rows("SELECT * FROM coverage")).map(trimTimes))).toEqual(same(expected));
  });
});

test("the latest line of an item stands, and of lines of the same moment the later run's", async () => {
  const at = (minute: number) => `2026-11-20T14:0${minute}:00.000Z`;
  const athena = await overRecords(
    [
      coverageLine({ outcome: "exported", at: at(2), runId: "run-1" }),
      coverageLine({ outcome: "failed", at: at(1), runId: "run-3" }),
      coverageLine({ logGroup: null, outcome: "failed", at: at(1) }),
      coverageLine({ logGroup: "/tie", outcome: "empty", at: at(1), runId: "run-2" }),
      coverageLine({ logGroup: "/tie", outcome: "failed", at: at(1), runId: "run-1" }),
      coverageLine({ day: "2026-11-18", outcome: "skipped", at: at(0) }),
    ],
    [],
  );
  const rows = await athena.rows("SELECT log_group, day, outcome FROM coverage_latest");
  athena.close();
  expect(same(rows)).toEqual(
    same([
      { log_group: "/app/web", day: "2026-11-19", outcome: "exported" },
      { log_group: null, day: "2026-11-19", outcome: "failed" },
      { log_group: "/tie", day: "2026-11-19", outcome: "empty" },
      { log_group: "/app/web", day: "2026-11-18", outcome: "skipped" },
    ]),
  );
});

/** Whether the same bucket holds the item's tenth receipt. */
function isSuperseded(objects: readonly ArchivedObject[], { bucket, key }: ArchivedObject): boolean {
  const tenth = key.replace(/\.\d+\.json$/, ".10.json");
  return tenth !== key && objects.some((other) => other.bucket === bucket && other.key === tenth);
}

function trimTimes(row: object): object {
  const times = ["created_at", "completed_at", "at"];
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, times.includes(name) ? moment(`${value}Z`) : value]),
  );
}

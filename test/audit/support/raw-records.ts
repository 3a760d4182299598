import { EventFiles } from "../../../handlers/archive/event-files/event-files";
import { eventBlock } from "../../../handlers/archive/event-text";
import { coveragePrefix, receiptKey, sealKey } from "../../../handlers/archive/layout";
import type { CoverageLine, Receipt } from "../../../handlers/archive/records";
import { MemoryBucket } from "../../handlers/archive/support/memory-bucket";
import { account, region, utcDay } from "../../handlers/support/examples";
import type { RawRow } from "./athena";
import { LocalAthena } from "./duckdb";

/** A line of coverage as `raw_coverage` has it. */
export function rawCoverage(line: CoverageLine): RawRow {
  const { region, day, account } = line;
  return {
    $path: `s3://bucket/${coveragePrefix(day, account)}${line.runId}-1.jsonl`,
    region,
    day,
    line: JSON.stringify(line),
  };
}

/** A receipt as `raw_receipts` has it. */
export function rawReceipt(change: Partial<Receipt>, n = 1): RawRow {
  const day = change.day ?? "2026-11-19";
  const { from, to } = utcDay(day);
  const receipt: Receipt = {
    version: 1,
    account,
    region,
    logGroup: "/app/web",
    day,
    from,
    to,
    tasks: [
      {
        taskId: "task",
        taskName: "name",
        prefix: "prefix",
        from,
        to,
        objects: 1,
        bytes: 10,
        listingSha256: "0".repeat(64),
        createdAt: "2026-11-20T13:30:00.000Z",
        completedAt: "2026-11-20T13:31:00.000Z",
      },
    ],
    objects: 1,
    bytes: 10,
    runId: "run-1",
    at: "2026-11-20T13:31:00.000Z",
    ...change,
  };
  return {
    $path: `s3://bucket/${receiptKey(day, receipt.account, receipt.logGroup, n)}`,
    region: receipt.region,
    day,
    line: JSON.stringify(receipt),
  };
}

/** The audit database over sealed events of one account's day. */
export async function overEvents(
  events: readonly (readonly [logGroup: string, message: string])[],
): Promise<LocalAthena> {
  const day = "2026-11-19";
  const archive = new MemoryBucket("bucket", new Map());
  const files = new EventFiles({ account, region, day }, archive);
  for (const [logGroup, message] of events)
    await files.add(
      { logGroup, logStream: "s", taskId: "task" },
      eventBlock(Buffer.from(`${day}T12:00:00.000Z ${message}\n`)),
    );
  files.endItem();
  const eventFiles = await files.finish();
  const pathOf = (key: string) => `s3://bucket/${key}`;
  const line = JSON.stringify({ account, items: [], eventFiles });
  return LocalAthena.create({
    rows: { raw_seals: [{ $path: pathOf(sealKey(day, account, 1)), region, day, line }] },
    files: {
      raw_events: eventFiles.map(({ key }) => ({
        $path: pathOf(key),
        partition: { region, day },
        body: archive.objects.get(key) ?? Buffer.alloc(0),
      })),
    },
  });
}

/** The audit database over records alone. */
export function overRecords(
  lines: readonly CoverageLine[],
  receipts: readonly Partial<Receipt>[],
): Promise<LocalAthena> {
  const rows = receipts.map((receipt) => rawReceipt(receipt));
  return LocalAthena.create({ rows: { raw_receipts: rows, raw_coverage: lines.map(rawCoverage) }, files: {} });
}

import { coveragePrefix, receiptKey } from "../../../handlers/archive/layout";
import type { CoverageLine, Receipt } from "../../../handlers/archive/records";
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

/** The audit database over records alone. */
export function overRecords(
  lines: readonly CoverageLine[],
  receipts: readonly Partial<Receipt>[],
): Promise<LocalAthena> {
  const rows = receipts.map((receipt) => rawReceipt(receipt));
  return LocalAthena.create({
    raw_lines: [],
    raw_receipts: rows,
    raw_account_receipts: rows.map((row) => ({ ...row, account })),
    raw_coverage: lines.map(rawCoverage),
  });
}

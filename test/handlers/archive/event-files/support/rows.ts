import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance, type Json } from "@duckdb/node-api";
import { DryRunStore } from "../../../../../handlers/archive/dry-run";
import type { EventSource } from "../../../../../handlers/archive/event-files/held-events";
import { type EventRow, readEventFile } from "../../../../../handlers/archive/event-files/read-event-file";
import { FolderStore } from "../../../../../handlers/archive/folder-store";
import type { SealedEventFile } from "../../../../../handlers/archive/seals";

/** What a row says of an event: time, log group, log stream, task, message. */
export type Row = readonly [ts: number | null, logGroup: string, logStream: string, taskId: string, message: string];

export const fileColumns = { region: "eu-central-1", account: "300000000000", day: "2026-11-19" } as const;

export const source = (logGroup: string, logStream: string, taskId = "task-1"): EventSource => ({
  logGroup,
  logStream,
  taskId,
});

/** A text as CloudWatch Logs exports it. */
export function exported(events: readonly (readonly [ts: number, message: string])[]): Buffer {
  return Buffer.from(events.map(([ts, message]) => `${new Date(ts).toISOString()} ${message}\n`).join(""));
}

/** An event file as a seal names it, with its bytes. */
export interface WrittenFile extends SealedEventFile {
  readonly body: Buffer;
}

export async function rowsOf(files: readonly WrittenFile[]): Promise<Row[]> {
  const rows: EventRow[] = [];
  for (const { body } of files) rows.push(...(await readEventFile(body)));
  return rows.map(({ ts, log_group, log_stream, task_id, message }) => [
    ts?.getTime() ?? null,
    log_group,
    log_stream,
    task_id,
    message,
  ]);
}

/** Asks DuckDB about a file, which is `$file` in the statement. */
export async function askDuckDb(file: WrittenFile, sql: string): Promise<Record<string, Json>[]> {
  const directory = mkdtempSync(join(tmpdir(), "org-log-archive-events-"));
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    const path = join(directory, "events.parquet");
    writeFileSync(path, file.body);
    return (await connection.runAndReadAll(sql.replaceAll("$file", `'${path}'`))).getRowObjectsJson();
  } finally {
    connection.closeSync();
    instance.closeSync();
    rmSync(directory, { recursive: true });
  }
}

/** An archive in memory. */
export function memoryArchive(): DryRunStore {
  return new DryRunStore(new FolderStore("/nowhere", "bucket"));
}

import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import type { LogGroup } from "../../world";
import { ExportTaskRecord } from "../logs/export-task-record";

const exportTasksFile = "export-tasks.jsonl";
/** Real time, in milliseconds. */
const followMs = 200;
const KeysFile = z.record(z.string(), z.string());

/** The emulator's folder. Every file is replaced as a whole, so that an interrupt leaves the old one or the new one. */
export class Directory {
  /** Records are replaced, never changed: each is made into a line once. */
  private readonly taskLines = new WeakMap<ExportTaskRecord, string>();
  private changedTasks: readonly ExportTaskRecord[] | undefined;
  private following: NodeJS.Timeout | undefined;

  constructor(private readonly root: string) {
    mkdirSync(root, { recursive: true });
  }

  exportTasks(): ExportTaskRecord[] {
    const path = join(this.root, exportTasksFile);
    if (!existsSync(path)) return [];
    const lines = readFileSync(path, "utf8")
      .split("\n")
      .filter((line) => line !== "");
    return lines.map((line) => ExportTaskRecord.parse(JSON.parse(line)));
  }

  /** Tasks change several times a second: the file follows in `followMs`, or with `flush`. */
  exportTasksChanged(tasks: readonly ExportTaskRecord[]): void {
    this.changedTasks = tasks;
    this.following ??= setTimeout(() => this.flush(), followMs).unref();
  }

  /** Writes what has not been written yet. */
  flush(): void {
    clearTimeout(this.following);
    this.following = undefined;
    if (this.changedTasks) this.write(exportTasksFile, this.changedTasks.map((task) => this.taskLine(task)).join(""));
    this.changedTasks = undefined;
  }

  private taskLine(task: ExportTaskRecord): string {
    const line = this.taskLines.get(task) ?? lines([task]);
    this.taskLines.set(task, line);
    return line;
  }

  /** `source/<account>/<region>.jsonl`: every event put in. */
  writeSource(groups: readonly LogGroup[]): void {
    const files = new Map<string, LogGroup[]>();
    for (const group of groups) {
      const path = `source/${group.account}/${group.region}.jsonl`;
      const ofFile = files.get(path);
      if (ofFile) ofFile.push(group);
      else files.set(path, [group]);
    }
    for (const [path, ofFile] of files) this.write(path, inPieces(sourceLines(ofFile)));
  }

  /** The objects of a bucket: paths below its folder, with `/` between the components. */
  objectPaths(bucket: string): string[] {
    const folder = join(this.root, "s3", bucket);
    if (!existsSync(folder)) return [];
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  }

  readObject(bucket: string, path: string): { body: Buffer; lastModified: number } {
    const file = join(this.root, "s3", bucket, path);
    return { body: readFileSync(file), lastModified: Math.round(statSync(file).mtimeMs) };
  }

  /** `lastModified` in epoch milliseconds becomes the file's time. */
  writeObject(bucket: string, path: string, body: Buffer, lastModified: number): void {
    this.write(join("s3", bucket, path), body);
    utimesSync(join(this.root, "s3", bucket, path), lastModified / 1000, lastModified / 1000);
  }

  deleteObject(bucket: string, path: string): void {
    rmSync(join(this.root, "s3", bucket, path), { force: true });
  }

  readKeys(bucket: string): Readonly<Record<string, string>> {
    const path = join(this.root, "s3", `${bucket}.keys.json`);
    return existsSync(path) ? KeysFile.parse(JSON.parse(readFileSync(path, "utf8"))) : {};
  }

  writeKeys(bucket: string, keys: Readonly<Record<string, string>>): void {
    this.write(join("s3", `${bucket}.keys.json`), `${JSON.stringify(keys, null, 2)}\n`);
  }

  private write(path: string, content: string | Buffer | Iterable<string>): void {
    const target = join(this.root, path);
    const temporary = join(this.root, ".writing");
    mkdirSync(dirname(target), { recursive: true });
    const file = openSync(temporary, "w");
    try {
      const pieces = typeof content === "string" || Buffer.isBuffer(content) ? [content] : content;
      for (const piece of pieces) writeFileSync(file, piece);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, target);
  }
}

function lines(records: readonly object[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join("");
}

function* sourceLines(groups: readonly LogGroup[]): Generator<string> {
  for (const { name, streams } of groups)
    for (const stream of streams)
      for (const { timestamp, ingestionTime, message } of stream.events)
        yield lines([{ logGroup: name, logStream: stream.name, timestamp, ingestionTime, message }]);
}

/** Texts joined to pieces of about a million characters: all of them may be more than one string can hold. */
function* inPieces(texts: Iterable<string>): Generator<string> {
  let piece = "";
  for (const text of texts) {
    piece += text;
    if (piece.length < 2 ** 20) continue;
    yield piece;
    piece = "";
  }
  yield piece;
}

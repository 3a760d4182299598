import type { Directory } from "../../storage/directory";
import type { LogGroup } from "../../world/world";
import { ExportTaskRecord } from "./export-task-record";

const exportTasksFile = "export-tasks.jsonl";
/** Real time, in milliseconds. */
const followMs = 1000;

/** What CloudWatch Logs holds, as files: `source/<account>/<region>.jsonl` and `export-tasks.jsonl`. */
export class LogsFiles {
  /** Records are replaced, never changed: each is made into a line once. */
  private readonly taskLines = new WeakMap<ExportTaskRecord, string>();
  private changedTasks: readonly ExportTaskRecord[] | undefined;
  private following: NodeJS.Timeout | undefined;

  constructor(private readonly directory: Directory) {}

  /** Those of an earlier time. */
  exportTasks(): ExportTaskRecord[] {
    const lines = this.directory.read(exportTasksFile)?.toString("utf8").split("\n") ?? [];
    return lines.filter((line) => line !== "").map((line) => ExportTaskRecord.parse(JSON.parse(line)));
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
    if (this.changedTasks)
      this.directory.write(exportTasksFile, this.changedTasks.map((task) => this.taskLine(task)).join(""));
    this.changedTasks = undefined;
  }

  /** Every event put in. */
  writeSource(groups: readonly LogGroup[]): void {
    const files = new Map<string, LogGroup[]>();
    for (const group of groups) {
      const path = `source/${group.account}/${group.region}.jsonl`;
      const ofFile = files.get(path);
      if (ofFile) ofFile.push(group);
      else files.set(path, [group]);
    }
    for (const [path, ofFile] of files) this.directory.write(path, inPieces(sourceLines(ofFile)));
  }

  private taskLine(task: ExportTaskRecord): string {
    const line = this.taskLines.get(task) ?? `${JSON.stringify(task)}\n`;
    this.taskLines.set(task, line);
    return line;
  }
}

function* sourceLines(groups: readonly LogGroup[]): Generator<string> {
  for (const { name, streams } of groups)
    for (const stream of streams) {
      const [head] = JSON.stringify({ logGroup: name, logStream: stream.name }).split(/}$/);
      for (const { timestamp, ingestionTime, message } of stream.events) {
        const event = `"timestamp":${timestamp},"ingestionTime":${ingestionTime},"message":${JSON.stringify(message)}`;
        yield `${head},${event}}\n`;
      }
    }
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

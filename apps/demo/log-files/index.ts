import { stat } from "node:fs/promises";
import { join } from "node:path";
import { entriesOf } from "./entries";
import { type Limits, NoLogFiles, reasonOf, type Skipped, TooManyLogs } from "./errors";
import { eventsOf } from "./events";
import { type FoundFile, findFiles } from "./folder";
import { type Reader, readLines } from "./lines";
import { arrange, type FileLogGroup, type Note } from "./log-groups";
import { contentNotes, linesWithoutTime, type ReadFile } from "./notes";
import { fileTimes } from "./times/file-times";

export {
  LogDirectoryNotFound,
  LogDirectoryUnreadable,
  NoLogFiles,
  NotALogDirectory,
  type Skipped,
  TooManyLogs,
} from "./errors";
export type { FileEvent } from "./events";
export { type FileLogGroup, type Note, toLogGroups } from "./log-groups";

export interface LogFilesResult {
  /** In the order of their names. */
  readonly logGroups: readonly FileLogGroup[];
  readonly summary: LogFilesSummary;
  /** The latest time stamp of all, in epoch milliseconds. */
  readonly newestEvent: number;
  /** The UTC days that have events, `YYYY-MM-DD`, oldest first. */
  readonly days: readonly string[];
}

/**
 * What became of everything in the folder. Every line of the files read is in one event, in order, or is one of
 * `leadingEmptyLines`; only a JSON document that holds records is taken apart, which its note says.
 */
export interface LogFilesSummary {
  /** Files read, empty ones included. */
  readonly files: number;
  readonly emptyFiles: number;
  readonly lines: number;
  /** Empty lines before a file's first event: they make no event. */
  readonly leadingEmptyLines: number;
  /** Lines that state no time of their own, empty ones included: the notes say which one they got. */
  readonly linesWithoutTime: number;
  /** Lines whose time states no zone: read as UTC. */
  readonly linesWithoutZone: number;
  /** Lines with bytes that are not UTF-8, each such place now U+FFFD. */
  readonly repairedLines: number;
  readonly events: number;
  /** What was not read, by path. */
  readonly skipped: readonly Skipped[];
  /** What was read, but not just as it was, and what had to be guessed. */
  readonly notes: readonly Note[];
}

/** What a run can hold in a heap of 2 GB, Node's own choice on a machine with 8, by measurement: twice as much does not fit. */
const fitsIntoMemory: Limits = { bytes: 100e6, lines: 1e6 };

const DAY = 86_400_000;

export interface ReadingOptions {
  /** Called before each file is read: its path, how many are done, how many there are. */
  readonly onFile?: (path: string, done: number, total: number) => void;
  readonly limits?: Limits;
  /** What the simulated clock comes to in any case (epoch milliseconds): a time until then is never too late. */
  readonly simulatedNow?: number;
}

/**
 * Reads a folder of log files, file by file.
 *
 * | what | becomes |
 * |---|---|
 * | sub-folder | log group, named with its path (`web/nginx`); files directly in the folder: a log group named as the folder |
 * | file | log stream, named as the file; gzip is decompressed |
 * | line that states a time | event (formats: see `times/formats.ts`; where in the line: `times/line-times.ts`) |
 * | line that states none, and is indented, empty, or part of a stack trace | goes on with the event before it |
 * | any other line that states none | event at the time before, in the file's first lines at the first time; in a file without any: at the file's modification time |
 * | JSON document of several lines, XML element of an event | one event; JSON that only holds records: an event for each, noted |
 * | time later than the file's last change | none, noted |
 * | empty line before the first event | dropped and counted |
 * | CRLF (CR in a file without LF), byte order mark, last line end | LF, dropped, dropped |
 * | UTF-16 with a byte order mark | UTF-8 |
 * | bytes that are not UTF-8 | U+FFFD, counted and noted |
 * | message over 1,048,550 bytes | several events of the same time, noted |
 * | name that CloudWatch Logs does not allow | `_` for each illegal character and a hash, noted |
 * | file that cannot be read to its end (a `.gz` cut off, or with something else behind it) | the lines before that, noted |
 * | binary, corrupt from its beginning, unreadable, FIFO, socket, device, symbolic link, name that is not UTF-8 | skipped, named with the reason |
 *
 * @throws LogDirectoryNotFound, NotALogDirectory, LogDirectoryUnreadable, NoLogFiles; TooManyLogs as soon as `limits` are passed
 */
export async function readLogFiles(
  directory: string,
  { onFile = () => {}, limits = fitsIntoMemory, simulatedNow = 0 }: ReadingOptions = {},
): Promise<LogFilesResult> {
  const folder = await findFiles(directory);
  const skipped = [...folder.skipped];
  const read: ReadFile[] = [];
  const count = counter(limits, () => {
    throw new TooManyLogs(directory, limits);
  });
  for (const [done, file] of folder.files.entries()) {
    onFile(file.path, done, folder.files.length);
    try {
      read.push(await readEvents(folder.root, file, simulatedNow, count));
    } catch (error) {
      if (error instanceof TooManyLogs) throw error;
      skipped.push({ path: file.path, reason: reasonOf(error) });
    }
  }
  const withEvents = read.filter(({ events }) => events.length > 0);
  const { newestEvent, days } = times(withEvents);
  if (newestEvent === undefined) throw new NoLogFiles(directory, skipped, read.length);
  const { logGroups, notes } = arrange(folder.name, withEvents);
  const total = (count: (file: ReadFile) => number) => read.reduce((sum, file) => sum + count(file), 0);
  return {
    logGroups,
    summary: {
      files: read.length,
      emptyFiles: read.length - withEvents.length,
      lines: total(({ lines }) => lines),
      leadingEmptyLines: total(({ leadingEmptyLines }) => leadingEmptyLines),
      linesWithoutTime: total(linesWithoutTime),
      linesWithoutZone: total(({ linesWithoutZone }) => linesWithoutZone),
      repairedLines: total(({ repairedLines }) => repairedLines),
      events: total(({ events }) => events.length),
      skipped: skipped.sort((a, b) => (a.path < b.path ? -1 : 1)),
      notes: [...notes, ...read.flatMap(contentNotes)],
    },
    newestEvent,
    days,
  };
}

/** Counts what is read, and refuses what is over the limits before the memory is full of it. */
function counter(limits: Limits, refuse: () => never) {
  let [bytes, lines] = [0, 0];
  return (more: Partial<Limits>) => {
    bytes += more.bytes ?? 0;
    lines += more.lines ?? 0;
    if (bytes > limits.bytes || lines > limits.lines) refuse();
  };
}

async function readEvents(
  root: string,
  file: FoundFile,
  simulatedNow: number,
  count: (more: Partial<Limits>) => void,
): Promise<ReadFile> {
  const path = join(root, file.path);
  const { mtimeMs, ctimeMs, size } = await stat(path);
  const lines: string[] = [];
  let repairedLines = 0;
  const reader: Reader = {
    onBytes: (bytes) => count({ bytes }),
    onLine: ({ text, repaired }) => {
      count({ lines: 1 });
      if (repaired) repairedLines++;
      lines.push(text);
    },
  };
  // zlib takes a .gz without a byte in it for a corrupt one.
  const failure = size > 0 ? await readLines(path, reader) : undefined;
  if (failure !== undefined && lines.length === 0) throw failure;
  const modifiedAt = Math.max(0, Math.floor(mtimeMs));
  const entries = entriesOf(lines);
  // A file that was unpacked may have been modified, by what it says, long before it was written.
  const found = fileTimes(entries, { modifiedAt, latest: Math.max(mtimeMs, ctimeMs, simulatedNow) + DAY });
  return {
    file,
    lines: lines.length,
    repairedLines,
    modifiedAt,
    records: entries.filter(({ isRecord }) => isRecord).length,
    recordsWithin: entries.reduce((sum, { recordsWithin = 0 }) => sum + recordsWithin, 0),
    linesWithoutZone: found.withoutZone,
    remarks: found.remarks,
    ...(failure === undefined ? {} : { endsEarly: reasonOf(failure) }),
    ...eventsOf(entries, found.times, modifiedAt),
  };
}

function times(files: readonly ReadFile[]) {
  let newestEvent: number | undefined;
  const days = new Set<number>();
  for (const { events } of files) {
    for (const { timestamp } of events) {
      newestEvent = Math.max(newestEvent ?? timestamp, timestamp);
      days.add(Math.floor(timestamp / 86_400_000));
    }
  }
  const inOrder = [...days].sort((a, b) => a - b);
  return { newestEvent, days: inOrder.map((day) => new Date(day * 86_400_000).toISOString().slice(0, 10)) };
}

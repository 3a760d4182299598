import type { LogGroup } from "../../emulator";
import type { FileEvent } from "./events";
import type { FoundFile } from "./folder";
import { legalNames, logGroupNames, logStreamNames } from "./names";

export interface FileLogGroup {
  readonly name: string;
  readonly streams: readonly { readonly name: string; readonly events: readonly FileEvent[] }[];
}

/** A path in the folder, and what of it is not just as it was. */
export interface Note {
  readonly path: string;
  readonly note: string;
}

interface FileWithEvents {
  readonly file: FoundFile;
  readonly events: readonly FileEvent[];
}

/** Sub-folders as log groups, files as their streams; `folderName` names the log group of the files outside sub-folders. */
export function arrange(
  folderName: string,
  files: readonly FileWithEvents[],
): { readonly logGroups: readonly FileLogGroup[]; readonly notes: readonly Note[] } {
  const folders = byFolder(files);
  const notes: Note[] = [];
  const wanted = new Map([...folders.keys()].map((folder) => [folder, folder === "" ? folderName : folder]));
  const names = legalNames(wanted, logGroupNames);
  const logGroups = [...folders].map(([folder, inFolder]) => {
    const name = names.get(folder) ?? folder;
    if (name !== wanted.get(folder)) notes.push({ path: folder || ".", note: `log group ${name}` });
    const streamNames = legalNames(new Map(inFolder.map(({ file }) => [file.path, file.name])), logStreamNames);
    const streams = inFolder.map(({ file, events }) => {
      const stream = streamNames.get(file.path) ?? file.name;
      if (stream !== file.name) notes.push({ path: file.path, note: `log stream ${stream}` });
      return { name: stream, events };
    });
    return { name, streams };
  });
  return { logGroups: logGroups.sort((a, b) => (a.name < b.name ? -1 : 1)), notes };
}

function byFolder(files: readonly FileWithEvents[]): ReadonlyMap<string, readonly FileWithEvents[]> {
  const folders = new Map<string, FileWithEvents[]>();
  for (const each of files) {
    const inFolder = folders.get(each.file.folder);
    if (inFolder) inFolder.push(each);
    else folders.set(each.file.folder, [each]);
  }
  return folders;
}

/** The log groups as one account has them in one Region: events ingested when they happened, in time order. */
export function toLogGroups(
  logGroups: readonly FileLogGroup[],
  accountRegion: { readonly account: string; readonly region: string },
): LogGroup[] {
  return logGroups.map(({ name, streams }) => ({
    account: accountRegion.account,
    region: accountRegion.region,
    name,
    logGroupClass: "STANDARD",
    createdAt: oldestEvent(streams),
    streams: streams.map((stream) => ({
      name: stream.name,
      events: stream.events
        .map((event) => ({ ...event, ingestionTime: event.timestamp }))
        .sort((a, b) => a.timestamp - b.timestamp),
    })),
  }));
}

function oldestEvent(streams: FileLogGroup["streams"]): number {
  let oldest = Number.MAX_SAFE_INTEGER;
  for (const { events } of streams) for (const { timestamp } of events) oldest = Math.min(oldest, timestamp);
  return oldest;
}

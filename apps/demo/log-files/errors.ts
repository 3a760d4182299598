/** A path in the folder that was left out, and why. */
export interface Skipped {
  /** Relative to the folder. */
  readonly path: string;
  readonly reason: string;
}

/** How much text a folder may hold in all. */
export interface Limits {
  /** Decompressed. */
  readonly bytes: number;
  readonly lines: number;
}

export class LogDirectoryNotFound extends Error {
  override readonly name = "LogDirectoryNotFound";
  constructor(directory: string, cause: unknown) {
    super(`${directory} does not exist: give the path of a folder that holds log files.`, { cause });
  }
}

export class NotALogDirectory extends Error {
  override readonly name = "NotALogDirectory";
  constructor(directory: string) {
    super(`${directory} is not a folder: give the folder that holds the log files, not a file.`);
  }
}

export class LogDirectoryUnreadable extends Error {
  override readonly name = "LogDirectoryUnreadable";
  constructor(directory: string, cause: unknown) {
    super(
      `${directory} cannot be read (${reasonOf(cause)}): change its permissions or run as a user who may read it.`,
      { cause },
    );
  }
}

export class NoLogFiles extends Error {
  override readonly name = "NoLogFiles";
  constructor(directory: string, skipped: readonly Skipped[], emptyFiles: number) {
    const shown = skipped.slice(0, 10).map(({ path, reason }) => `\n  ${path}: ${reason}`);
    const more = skipped.length > shown.length ? `\n  and ${skipped.length - shown.length} more` : "";
    super(
      `${directory} contains no readable log file with a line in it (skipped: ${skipped.length}, empty: ${emptyFiles}): give a folder with text files, plain or .gz.${shown.join("")}${more}`,
    );
  }
}

export class TooManyLogs extends Error {
  override readonly name = "TooManyLogs";
  constructor(directory: string, { bytes, lines }: Limits) {
    super(
      `${directory} holds more text than fits into memory with all that is made of it: give a folder with at most ${bytes / 1e6} MB (decompressed) and ${lines} lines, for example the files of fewer days.`,
    );
  }
}

/** Why the folder itself cannot be used. */
export function directoryError(directory: string, cause: unknown): Error {
  return codeOf(cause) === "ENOENT"
    ? new LogDirectoryNotFound(directory, cause)
    : new LogDirectoryUnreadable(directory, cause);
}

/** The file system's or zlib's complaint, in words. */
export function reasonOf(error: unknown): string {
  switch (codeOf(error)) {
    case "EACCES":
    case "EPERM":
      return "permission denied";
    case "ENOENT":
      return "gone, or a link that leads nowhere";
    case "ELOOP":
      return "a loop of symbolic links";
    case "Z_BUF_ERROR":
      return "corrupt gzip: it ends too early";
    case "Z_DATA_ERROR":
    case "Z_NEED_DICT":
      return `corrupt gzip: ${messageOf(error)}`;
    default:
      return messageOf(error);
  }
}

const codeOf = (error: unknown) => (isObject(error) && "code" in error ? error.code : undefined);

const messageOf = (error: unknown) => (isObject(error) && "message" in error ? String(error.message) : String(error));

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

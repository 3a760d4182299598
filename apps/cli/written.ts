import { writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { getSystemErrorMap } from "node:util";

/** What a person asked for could not be written where they asked for it. */
export class NotWritten extends Error {
  override readonly name = "NotWritten";

  /** @param what a file's path, or `Standard output` */
  constructor(what: string, cause: unknown) {
    super(`${what} could not be written: ${causeText(cause)}.`, { cause });
  }
}

/** There is no folder for a file to be written into. */
export class NoFolder extends NotWritten {
  constructor(file: string, cause?: unknown) {
    super(file, cause);
    this.message = `There is no folder ${dirname(file)} to write ${file} into. Make it, or name another file.`;
  }
}

/**
 * Writes a file that a person named, or adds to it.
 * @throws {NotWritten}
 */
export function writeNamed(file: string, content: string | Uint8Array, flag: "w" | "wx" | "a" = "w"): void {
  try {
    writeFileSync(file, content, { flag });
  } catch (error) {
    throw codeOf(error) === "ENOENT" ? new NoFolder(file, error) : new NotWritten(file, error);
  }
}

/** What the system calls an error: `no space left on device`. */
function causeText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const errno: unknown = Reflect.get(error, "errno");
  return (typeof errno === "number" ? getSystemErrorMap().get(errno)?.[1] : undefined) ?? error.message;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error ? Reflect.get(error, "code") : undefined;
}

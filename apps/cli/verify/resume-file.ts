import { existsSync, readFileSync } from "node:fs";
import { UsageError } from "../errors";
import { writeNamed } from "../written";

/** Remembers from one verification of an archive to the next which account days were found intact. */
export class ResumeFile {
  readonly verified: ReadonlySet<string>;

  /** @throws {UsageError} when the file is of something else: another archive's days may be damaged. */
  constructor(
    private readonly path: string,
    archive: string,
  ) {
    const title = `org-log-archive verify ${archive}`;
    const [first = "", ...ids] = existsSync(path) ? readFileSync(path, "utf8").split("\n") : [];
    if (first === "") writeNamed(path, `${title}\n`, "a");
    else if (first !== title)
      throw new UsageError(
        `${path} does not go on with the verification of ${archive}: it does not begin with "${title}". Name another file.`,
      );
    this.verified = new Set(ids);
  }

  add(id: string): void {
    writeNamed(this.path, `${id}\n`, "a");
  }
}

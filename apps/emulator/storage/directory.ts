import {
  closeSync,
  existsSync,
  futimesSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";

/**
 * The emulator's folder. Paths are below it, with `/` between the components. Every file is replaced as a whole, so that an
 * interrupt leaves the old one or the new one.
 */
export class Directory {
  private readonly made = new Set<string>();

  constructor(private readonly root: string) {
    mkdirSync(root, { recursive: true });
  }

  /** Undefined if there is no such file. */
  read(path: string): Buffer | undefined {
    const file = join(this.root, path);
    return existsSync(file) ? readFileSync(file) : undefined;
  }

  /** In epoch milliseconds. */
  lastModified(path: string): number {
    return Math.round(statSync(join(this.root, path)).mtimeMs);
  }

  /** The files in a folder and below it, by their paths within it; none if there is no such folder. */
  list(folder: string): string[] {
    const start = join(this.root, folder);
    if (!existsSync(start)) return [];
    return readdirSync(start, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(start.length + 1));
  }

  /** `lastModified` in epoch milliseconds becomes the file's time. */
  write(path: string, content: string | Buffer | Iterable<string>, lastModified?: number): void {
    const target = join(this.root, path);
    const temporary = join(this.root, ".writing");
    const folder = dirname(target);
    if (!this.made.has(folder)) mkdirSync(folder, { recursive: true });
    this.made.add(folder);
    const file = openSync(temporary, "w");
    try {
      const pieces = typeof content === "string" || Buffer.isBuffer(content) ? [content] : content;
      for (const piece of pieces) writeFileSync(file, piece);
      if (lastModified !== undefined) futimesSync(file, lastModified / 1000, lastModified / 1000);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, target);
  }

  delete(path: string): void {
    rmSync(join(this.root, path), { force: true });
  }
}

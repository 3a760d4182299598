import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join, parse } from "node:path";
import { sha256Hex } from "../../../handlers/archive/hashing";
import { UsageError } from "../errors";
import { writeNamed } from "../written";

/** The folder that evidence is written into, with the SHA-256 of every file. It is there as a whole, or not at all. */
export class EvidenceFolder {
  private readonly sums = new Map<string, string>();
  private readonly keys: string[] = [];
  /** The topmost folder that was not there before; absent where all were there, or nothing is written yet. */
  private made: string | undefined;
  private isOpen = false;

  /** @throws {UsageError} when the folder is there and holds something. */
  constructor(private readonly root: string) {
    if (existsSync(root) && readdirSync(root).length > 0)
      throw new UsageError(`--out: ${root} is not empty. Name a new folder.`);
  }

  get count(): number {
    return this.sums.size + 1;
  }

  /** The public keys, by their places in the folder. */
  keyFiles(): readonly string[] {
    return this.keys;
  }

  /** Copies the file of a public key under its name, or one like it where two files have the same name. */
  copyKey(file: string): void {
    const { name, ext } = parse(file);
    let place = `public-keys/${name}${ext}`;
    for (let n = 2; this.sums.has(place); n += 1) place = `public-keys/${name}-${n}${ext}`;
    this.keys.push(place);
    this.write(place, readFileSync(file));
  }

  write(place: string, content: string | Uint8Array): void {
    if (!this.isOpen) this.made = mkdirSync(this.root, { recursive: true });
    this.isOpen = true;
    const path = join(this.root, place);
    mkdirSync(dirname(path), { recursive: true });
    writeNamed(path, content);
    this.sums.set(place, sha256Hex(content));
  }

  /**
   * Writes `SHA256SUMS`, as `sha256sum --check` reads it.
   * @returns its SHA-256 in hex: with it alone, kept elsewhere, a change of any file shows
   */
  seal(): string {
    const text = [...this.sums].map(([place, sum]) => `${sum}  ${place}\n`).join("");
    writeNamed(join(this.root, "SHA256SUMS"), text);
    this.isOpen = false;
    return sha256Hex(text);
  }

  /** Removes what was written, unless it is sealed: half of it is no evidence, and stands in the way of the next attempt. */
  discard(): void {
    if (!this.isOpen) return;
    const all = this.made === undefined ? readdirSync(this.root).map((name) => join(this.root, name)) : [this.made];
    for (const path of all) rmSync(path, { recursive: true, force: true });
    this.isOpen = false;
  }
}

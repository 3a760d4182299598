import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { sha256Hex } from "../../../handlers/archive/hashing";

/** The folder that evidence is written into, with the SHA-256 of every file. */
export class EvidenceFolder {
  private readonly sums: string[] = [];
  private readonly keys: string[] = [];

  constructor(private readonly root: string) {
    mkdirSync(root, { recursive: true });
  }

  get count(): number {
    return this.sums.length + 1;
  }

  /** The public keys, by their places in the folder. */
  keyFiles(): readonly string[] {
    return this.keys;
  }

  nameOf(file: string): string {
    return basename(file);
  }

  copy(file: string, place: string): void {
    this.keys.push(place);
    this.write(place, readFileSync(file));
  }

  write(place: string, content: string | Uint8Array): void {
    const path = join(this.root, place);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    this.sums.push(`${sha256Hex(content)}  ${place}`);
  }

  /** Writes `SHA256SUMS`, as `sha256sum --check` reads it. */
  seal(): void {
    writeFileSync(join(this.root, "SHA256SUMS"), `${this.sums.join("\n")}\n`);
  }
}

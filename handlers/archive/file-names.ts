import { createHash } from "node:crypto";

const maxNameBytes = 255;

/**
 * Gives every key of a bucket a file path with as many components. A component that a file system cannot hold, or that
 * is taken (a folder where a file is wanted, a name that differs in case only), becomes `~` and a hash.
 */
export class FileNames {
  /** The path of each key, and of each of its folders. */
  private readonly paths = new Map<string, string>();
  /** What is at a path, by the path as a case-insensitive file system compares it. */
  private readonly taken = new Set<string>();

  /** The file's path of a key. */
  path(key: string): string {
    return this.walk(key, (parent, name, id) => {
      const plain = join(parent, name);
      return isHoldable(name) && !this.taken.has(fold(plain)) ? plain : join(parent, `~${hash(id)}`);
    });
  }

  /** Notes a file that is there already. */
  restore(path: string, key: string): void {
    const names = path.split("/");
    this.walk(key, (parent, _name, _id, index) => join(parent, names[index] ?? ""));
  }

  private walk(key: string, choose: (parent: string, name: string, id: string, index: number) => string): string {
    const names = key.split("/");
    let parent = "";
    names.forEach((name, index) => {
      const isFile = index === names.length - 1;
      const id = isFile ? `file ${key}` : `folder ${names.slice(0, index + 1).join("/")}`;
      const path = this.paths.get(id) ?? choose(parent, name, id, index);
      this.paths.set(id, path);
      this.taken.add(fold(path));
      parent = path;
    });
    return parent;
  }
}

function join(parent: string, name: string): string {
  return parent === "" ? name : `${parent}/${name}`;
}

function fold(path: string): string {
  return path.normalize("NFC").toLowerCase();
}

function isHoldable(name: string): boolean {
  const reserved = name === "" || name === "." || name === ".." || name.includes("\0");
  return !reserved && Buffer.byteLength(name) <= maxNameBytes;
}

function hash(id: string): string {
  return createHash("sha256").update(id, "utf8").digest("hex").slice(0, 32);
}

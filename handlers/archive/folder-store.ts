import {
  createReadStream,
  type Dirent,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { stat } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import * as z from "zod";
import { FileNames } from "./file-names";
import { isArchiveFolder } from "./layout";
import { parseRecord } from "./serialization";
import {
  type ArchiveStore,
  compareKeys,
  type Entries,
  type ObjectStream,
  type StoredObject,
  sortedFolders,
  sortedKeys,
} from "./store";

/** An object of an archive bucket as a file. */
export interface ArchivedFile extends StoredObject {
  readonly path: string;
}

/** Where a folder's files have other names than their keys, because a file system cannot hold those: file path to key. */
const RenamedKeys = z.record(z.string(), z.string());

/**
 * A bucket copied to a folder: `<root>/<bucket>/<key>`, and `<root>/<bucket>.keys.json` maps the paths of files whose keys a
 * file system cannot hold to those keys. A key is never used as a path where the map knows better.
 */
export class FolderStore implements ArchiveStore {
  private readonly directory: string;
  private readonly keysFile: string;
  /** File path to key, where they differ. */
  private readonly renamed: Map<string, string>;
  /** And the other way round. */
  private readonly paths: Map<string, string>;
  /** Folders of the file system that no key has. */
  private readonly renamedFolders: Set<string>;
  private names: FileNames | undefined;

  /** @throws {UnreadableRecord} if the map of renamed keys is damaged. */
  constructor(
    /** The folder that holds the bucket's. */
    readonly root: string,
    readonly bucket: string,
  ) {
    this.directory = join(root, bucket);
    this.keysFile = join(root, `${bucket}.keys.json`);
    const renamed = existsSync(this.keysFile)
      ? parseRecord(RenamedKeys, this.keysFile, readFileSync(this.keysFile, "utf8"))
      : {};
    this.renamed = new Map(Object.entries(renamed));
    this.paths = new Map([...this.renamed].map(([path, key]) => [key, path]));
    this.renamedFolders = new Set([...this.renamed].flatMap(([path, key]) => foldersThatDiffer(path, key)));
  }

  async read(key: string): Promise<Buffer | undefined> {
    try {
      // Three times as fast as without waiting for it, and what reads a folder has nothing else to do.
      return readFileSync(this.pathOf(key));
    } catch (error) {
      if (isNotThere(error)) return undefined;
      throw error;
    }
  }

  async stream(key: string): Promise<ObjectStream | undefined> {
    const path = this.pathOf(key);
    try {
      const found = await stat(path);
      if (!found.isFile()) return undefined;
      return {
        size: found.size,
        bytes: { [Symbol.asyncIterator]: () => createReadStream(path)[Symbol.asyncIterator]() },
      };
    } catch (error) {
      if (isNotThere(error)) return undefined;
      throw error;
    }
  }

  list(prefix: string): AsyncIterable<StoredObject> {
    return {
      [Symbol.asyncIterator]: () => {
        // An asynchronous generator would wait three times for each file.
        let files: Iterator<ArchivedFile> | undefined;
        return {
          next: async () => {
            files ??= this.files(prefix).values();
            return files.next();
          },
        };
      },
    };
  }

  /** What `list` gives, with the files' paths, at once. */
  files(prefix: string): ArchivedFile[] {
    const found: ArchivedFile[] = [];
    const add = (key: string, path: string) => found.push({ key, path, size: statSync(path).size });
    const walk = (folder: string) => {
      for (const entry of this.directoryEntries(folder)) {
        const file = `${folder}${entry.name}`;
        if (entry.isDirectory()) walk(`${file}/`);
        else if (entry.isFile() && file.startsWith(prefix) && !this.renamed.has(file))
          add(file, `${this.directory}${sep}${sep === "/" ? file : file.replaceAll("/", sep)}`);
      }
    };
    const folder = prefix.slice(0, prefix.lastIndexOf("/") + 1);
    if (this.isPlain(folder)) walk(folder);
    for (const [key, file] of this.paths)
      if (key.startsWith(prefix)) {
        const path = join(this.directory, file);
        if (existsSync(path)) add(key, path);
      }
    return found.sort(compareKeys);
  }

  async entries(prefix: string): Promise<Entries> {
    const folders = new Set<string>();
    const keys: string[] = [];
    const add = (below: string) => {
      const [name = "", ...rest] = below.split("/");
      if (rest.length > 0) folders.add(name);
      else keys.push(`${prefix}${name}`);
    };
    if (this.isPlain(prefix))
      for (const entry of this.directoryEntries(prefix)) {
        const path = `${prefix}${entry.name}`;
        if (entry.isDirectory() ? !this.renamedFolders.has(path) : !this.renamed.has(path))
          add(entry.isDirectory() ? `${entry.name}/` : entry.name);
      }
    for (const [path, key] of this.renamed)
      if (key.startsWith(prefix) && existsSync(join(this.directory, path))) add(key.slice(prefix.length));
    return { folders: sortedFolders(folders), keys: sortedKeys(keys) };
  }

  /** Where the objects below a prefix of whole folders lie, but for those that have other names than their keys. */
  folder(prefix: string): string {
    return join(this.directory, prefix);
  }

  /** The names of the folders right below a prefix, at once. */
  folderNames(prefix: string): string[] {
    const plain = this.isPlain(prefix) ? this.directoryEntries(prefix) : [];
    const folders = plain.filter((entry) => entry.isDirectory() && !this.renamedFolders.has(`${prefix}${entry.name}`));
    const names = new Set(folders.map(({ name }) => name));
    for (const key of this.paths.keys())
      if (key.startsWith(prefix)) {
        const [name = "", ...rest] = key.slice(prefix.length).split("/");
        if (rest.length > 0) names.add(name);
      }
    return sortedFolders(names);
  }

  /** The file that a key has, or is to have: its folder is there, and a name that is not the key is remembered. */
  place(key: string): string {
    this.names ??= this.namesInUse();
    const file = this.names.path(key);
    const path = join(this.directory, file);
    if (existsSync(path)) return path;
    // The key first: a file whose key is not known would come back under a wrong one.
    if (file !== key) this.rename(file, key);
    mkdirSync(dirname(path), { recursive: true });
    return path;
  }

  async putOnce(key: string, body: string | Uint8Array): Promise<"written" | "exists"> {
    const path = this.place(key);
    if (existsSync(path)) return "exists";
    // Beside the bucket: what an interrupt leaves must not look like an object.
    const temporary = `${this.directory}.writing-${process.pid}`;
    writeFileSync(temporary, body);
    try {
      // Unlike a rename, a link never replaces what is there.
      linkSync(temporary, path);
      return "written";
    } catch (error) {
      if (codeOf(error) === "EEXIST") return "exists";
      throw error;
    } finally {
      rmSync(temporary, { force: true });
    }
  }

  private namesInUse(): FileNames {
    const names = new FileNames();
    for (const { key, path } of this.files("")) names.restore(relative(this.directory, path).split(sep).join("/"), key);
    return names;
  }

  private rename(file: string, key: string): void {
    this.renamed.set(file, key);
    this.paths.set(key, file);
    for (const folder of foldersThatDiffer(file, key)) this.renamedFolders.add(folder);
    const temporary = `${this.keysFile}.writing`;
    mkdirSync(dirname(this.keysFile), { recursive: true });
    writeFileSync(temporary, `${JSON.stringify(Object.fromEntries(this.renamed), null, 2)}\n`);
    renameSync(temporary, this.keysFile);
  }

  /** The file of a key; a path at which there is none, if the folder cannot have it. */
  pathOf(key: string): string {
    const renamed = this.paths.get(key);
    // No key that the map does not know leads out of the folder, or to a file that is another key's.
    if (renamed === undefined && (!this.isPlain(key) || this.renamed.has(key)))
      return join(this.directory, "..", `${this.bucket}.no-such-key`);
    return join(this.directory, renamed ?? key);
  }

  /** Whether a key or prefix, taken as a path, leads to what has it: not out of the folder, and not into a renamed one. */
  private isPlain(path: string): boolean {
    if (leadsElsewhere.test(path)) return false;
    if (this.renamedFolders.size === 0) return true;
    const parts = path.split("/");
    return !parts.some((_, index) => this.renamedFolders.has(parts.slice(0, index + 1).join("/")));
  }

  private directoryEntries(prefix: string): Dirent[] {
    try {
      return readdirSync(join(this.directory, prefix), { withFileTypes: true });
    } catch (error) {
      if (isNotThere(error)) return [];
      throw error;
    }
  }
}

/** A path with a part that is `.`, `..` or, but at its end, nothing; or with a NUL, which no file's path can have. */
const leadsElsewhere = /(?:^|\/)\.{1,2}(?:\/|$)|(?:^|\/)\/|\0/;

/** The folders of a file's path that are not those of its key. */
function foldersThatDiffer(path: string, key: string): string[] {
  const ofPath = path.split("/");
  const ofKey = key.split("/");
  return ofPath
    .slice(0, -1)
    .flatMap((name, index) => (name === ofKey[index] ? [] : [ofPath.slice(0, index + 1).join("/")]));
}

function isNotThere(error: unknown): boolean {
  return ["ENOENT", "ENOTDIR", "EISDIR", "ENAMETOOLONG"].includes(codeOf(error));
}

function codeOf(error: unknown): string {
  return typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
}

/** The buckets that a folder holds; a folder that is a bucket's own holds that one. */
export function folderStores(root: string): FolderStore[] {
  if (!existsSync(root)) return [];
  const entries = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  if (entries.some(({ name }) => isArchiveFolder(name)))
    return [new FolderStore(dirname(resolve(root)), basename(resolve(root)))];
  return entries.map(({ name }) => new FolderStore(root, name));
}

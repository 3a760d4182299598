import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DryRunStore } from "../../../handlers/archive/dry-run";
import { FolderStore } from "../../../handlers/archive/folder-store";
import { type ArchiveStore, putNext, readText } from "../../../handlers/archive/store";
import { closeAll, emulate } from "../support/emulated";
import { MemoryBucket } from "./support/memory-bucket";

/** What every store promises, whatever it keeps its objects in. */

const folders: string[] = [];
afterEach(closeAll);
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "org-log-archive-store-"));
  folders.push(folder);
  return folder;
}

const stores: Readonly<Record<string, () => Promise<ArchiveStore>>> = {
  S3: async () => (await emulate()).store(),
  "a folder": async () => new FolderStore(emptyFolder(), "bucket"),
  memory: async () => new MemoryBucket("bucket", new Map()),
  "a dry run over an empty folder": async () => new DryRunStore(new FolderStore(emptyFolder(), "bucket")),
  "a dry run over what is there": async () => {
    const folder = new FolderStore(emptyFolder(), "bucket");
    for (const key of awkwardKeys.slice(0, 10)) await folder.putOnce(key, `content of ${key}`);
    return new DryRunStore(folder);
  },
};

/** Keys that file systems rename, fold, or cannot hold; S3 tells every one of them apart. */
const awkwardKeys = [
  "a/App.log/000000.gz",
  "a/app.log/000000.gz",
  "a/APP.LOG/000000.gz",
  "a/caf\u00e9/000000.gz",
  "a/cafe\u0301/000000.gz",
  "a/../000000.gz",
  "a/./000000.gz",
  "a//000000.gz",
  "a/.hidden/000000.gz",
  "a/_x/000000.gz",
  "a/trailing /000000.gz",
  "a/trailing./000000.gz",
  "a/ /000000.gz",
  `a/${"x".repeat(300)}/000000.gz`,
  "a/folder",
  "a/folder/000000.gz",
  "a/~0123456789abcdef0123456789abcdef/000000.gz",
  "a/CON/000000.gz",
  "a/back\\slash/000000.gz",
  "a/[$LATEST]+%2F&=?/000000.gz",
  "a/🪵/000000.gz",
  "a/\uffee/000000.gz",
  "b/000000.gz",
];

async function keysOf(store: ArchiveStore, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list(prefix)) keys.push(key);
  return keys;
}

async function streamed(store: ArchiveStore, key: string): Promise<{ size: number; body: Buffer } | undefined> {
  const stream = await store.stream(key);
  if (!stream) return undefined;
  const pieces: Uint8Array[] = [];
  for await (const piece of stream.bytes) pieces.push(piece);
  return { size: stream.size, body: Buffer.concat(pieces) };
}

const inUtf8Order = (keys: readonly string[]) =>
  [...keys].sort((a, b) => Buffer.compare(Buffer.from(a, "utf8"), Buffer.from(b, "utf8")));

describe.each(Object.entries(stores))("%s", (_name, open) => {
  test("holds every key apart from every other, and lists them in UTF-8 byte order", async () => {
    const store = await open();
    for (const key of awkwardKeys) await store.putOnce(key, `content of ${key}`, "application/json");
    expect(await keysOf(store, "")).toEqual(inUtf8Order(awkwardKeys));
    for (const key of awkwardKeys) expect(await readText(store, key)).toBe(`content of ${key}`);
  });

  test("lists what begins with a prefix, and nothing that a file system takes for the same", async () => {
    const store = await open();
    for (const key of awkwardKeys) await store.putOnce(key, "x", "application/json");
    for (const prefix of [
      ...awkwardKeys.map((key) => key.slice(0, -"000000.gz".length)),
      "a",
      "a/",
      "a/App",
      "nothing/",
    ])
      expect([prefix, await keysOf(store, prefix)]).toEqual([
        prefix,
        inUtf8Order(awkwardKeys.filter((key) => key.startsWith(prefix))),
      ]);
  });

  test("says what comes next below a prefix", async () => {
    const store = await open();
    for (const key of awkwardKeys) await store.putOnce(key, "x", "application/json");
    const { folders, keys } = await store.entries("a/");
    const below = awkwardKeys.filter((key) => key.startsWith("a/")).map((key) => key.slice(2).split("/"));
    const names = new Set(below.filter(({ length }) => length > 1).map(([name = ""]) => name));
    expect(folders).toEqual(inUtf8Order([...names].map((name) => `${name}/`)).map((name) => name.slice(0, -1)));
    expect(keys).toEqual(["a/folder"]);
    expect((await store.entries("")).folders).toEqual(["a", "b"]);
    expect(await store.entries("a/App.log/")).toEqual({ folders: [], keys: ["a/App.log/000000.gz"] });
    expect(await store.entries("a/aPP.log/")).toEqual({ folders: [], keys: [] });
  });

  test("has nothing under a key that was not written, though a key like it was", async () => {
    const store = await open();
    for (const key of awkwardKeys) await store.putOnce(key, "x", "application/json");
    for (const key of ["a", "a/", "a/aPP.log/000000.gz", "a/folder/", "b/000000.gz/x", "../bucket/b/000000.gz", ""])
      if (key !== "") expect([key, await store.read(key)]).toEqual([key, undefined]);
  });

  test("writes a key once", async () => {
    const store = await open();
    expect(await store.putOnce("c/new.json", "first", "application/json")).toBe("written");
    expect(await store.putOnce("c/new.json", "second", "application/json")).toBe("exists");
    expect(await readText(store, "c/new.json")).toBe("first");
  });

  test("tells one of two writers that meet that it has written", async () => {
    const store = await open();
    const put = (body: string) => store.putOnce("c/contested.json", body, "application/json");
    const answers = await Promise.all([put("first"), put("second")]);
    expect([...answers].sort()).toEqual(["exists", "written"]);
    expect(await readText(store, "c/contested.json")).toBe(["first", "second"][answers.indexOf("written")]);
  });

  test("numbers on where a key is taken", async () => {
    const store = await open();
    const put = () => putNext(store, (n) => `c/${n}.json`, "{}", "application/json");
    expect([await put(), await put(), await put()]).toEqual([1, 2, 3]);
  });

  test("gives an object in pieces, whatever its size and its key", async () => {
    const store = await open();
    const large = Buffer.alloc(300_000, "0123456789abcdef\n");
    await store.putOnce("c/large", large, "application/octet-stream");
    await store.putOnce("c/empty", Buffer.alloc(0), "application/octet-stream");
    for (const key of awkwardKeys) await store.putOnce(key, `content of ${key}`, "application/json");
    const read = await streamed(store, "c/large");
    expect([read?.size, read?.body.equals(large)]).toEqual([large.length, true]);
    expect(await streamed(store, "c/empty")).toEqual({ size: 0, body: Buffer.alloc(0) });
    for (const key of awkwardKeys) expect((await streamed(store, key))?.body.toString()).toBe(`content of ${key}`);
    for (const key of ["c", "c/", "a/aPP.log/000000.gz", "../bucket/b/000000.gz"])
      expect([key, await streamed(store, key)]).toEqual([key, undefined]);
  });

  test("gives back the bytes as they were, and their number", async () => {
    const store = await open();
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    await store.putOnce("c/bytes", bytes, "application/octet-stream");
    expect(await store.read("c/bytes")).toEqual(bytes);
    for await (const { size } of store.list("c/bytes")) expect(size).toBe(256);
  });
});

test("a folder that was written is read by another store as it was written", async () => {
  const root = emptyFolder();
  const first = new FolderStore(root, "bucket");
  for (const key of awkwardKeys) await first.putOnce(key, `content of ${key}`);
  const second = new FolderStore(root, "bucket");
  expect(await keysOf(second, "")).toEqual(inUtf8Order(awkwardKeys));
  for (const key of awkwardKeys) expect(await readText(second, key)).toBe(`content of ${key}`);
  expect(await second.putOnce("a/aPP.log/000000.gz", "another")).toBe("written");
  expect(await readText(second, "a/App.log/000000.gz")).toBe("content of a/App.log/000000.gz");
});

test("a dry run leaves the archive as it was", async () => {
  const root = emptyFolder();
  const store = new DryRunStore(new FolderStore(root, "bucket"));
  await store.putOnce("runs/a/plan.json", "{}");
  expect([...store.written.keys()]).toEqual(["runs/a/plan.json"]);
  expect(readdirSync(root)).toEqual([]);
});

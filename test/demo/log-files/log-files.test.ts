import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import {
  LogDirectoryNotFound,
  LogDirectoryUnreadable,
  type LogFilesResult,
  NoLogFiles,
  NotALogDirectory,
  readLogFiles,
  TooManyLogs,
  toLogGroups,
} from "../../../apps/demo/log-files";
import { directoryError } from "../../../apps/demo/log-files/errors";

const modifiedAt = Date.parse("2026-11-22T22:00:00Z");
const line = (text: string) => `2026-11-22T21:31:01Z ${text}`;

let parent: string;
let directory: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "log-files-"));
  directory = join(parent, "logs");
  mkdirSync(directory);
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

function put(path: string, content: string | Buffer): void {
  const file = join(directory, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  utimesSync(file, modifiedAt / 1000, modifiedAt / 1000);
}

/** `log group / log stream` with the messages. */
const messages = ({ logGroups }: LogFilesResult) =>
  Object.fromEntries(
    logGroups.flatMap((group) =>
      group.streams.map((stream) => [`${group.name} ${stream.name}`, stream.events.map(({ message }) => message)]),
    ),
  );
const reasons = ({ summary }: LogFilesResult) => summary.skipped.map(({ path, reason }) => `${path}: ${reason}`);

const nobody = 65534;

describe("reading a folder of log files", () => {
  it("makes a log group of each sub-folder and one of the folder itself, and a log stream of each file", async () => {
    put("app.log", line("root"));
    put("web/nginx/access.log", line("nested"));
    put("web/error.log", line("error"));
    expect(messages(await readLogFiles(directory))).toEqual({
      "logs app.log": [line("root")],
      "web error.log": [line("error")],
      "web/nginx access.log": [line("nested")],
    });
  });

  it("names the folder's own log group as it was given, not as the link leads", async () => {
    put("a.log", line("one"));
    symlinkSync("logs", join(parent, "current"));
    expect((await readLogFiles(join(parent, "current"))).logGroups.map(({ name }) => name)).toEqual(["current"]);
  });

  it("keeps the folder's own files apart from a sub-folder of the same name", async () => {
    put("a.log", line("outer"));
    put("logs/a.log", line("inner"));
    const result = await readLogFiles(directory);
    expect(Object.values(messages(result)).flat().sort()).toEqual([line("inner"), line("outer")]);
    expect(new Set(result.logGroups.map(({ name }) => name)).size).toBe(2);
  });

  it("decompresses .gz, several members too, next to a plain file of the same name", async () => {
    put("a.log", line("plain"));
    put("a.log.gz", Buffer.concat([gzipSync(`${line("one")}\n`), gzipSync(line("two"))]));
    expect(messages(await readLogFiles(directory))).toEqual({
      "logs a.log": [line("plain")],
      "logs a.log.gz": [line("one"), line("two")],
    });
  });

  it("reads CRLF as LF, drops a byte order mark, and keeps other carriage returns and line separators", async () => {
    put("a.log", `\ufeff${line("one")}\r\nmore\r\n${line("two \r \u2028 three")}\r`);
    expect(messages(await readLogFiles(directory))).toEqual({
      "logs a.log": [`${line("one")}\nmore`, `${line("two \r \u2028 three")}\r`],
    });
  });

  it("replaces bytes that are not UTF-8 and says in how many lines", async () => {
    put("a.log", Buffer.concat([Buffer.from(line("caf")), Buffer.from([0xe9]), Buffer.from(`\n${line("日本語")}\n`)]));
    const result = await readLogFiles(directory);
    expect(messages(result)).toEqual({ "logs a.log": [line("caf\ufffd"), line("日本語")] });
    expect(result.summary.repairedLines).toBe(1);
    expect(result.summary.notes).toEqual([
      { path: "a.log", note: "lines with bytes that are not UTF-8, now U+FFFD: 1" },
    ]);
  });

  it("keeps characters whole that lie across the chunks of a large file", async () => {
    const lines = Array.from({ length: 3_000 }, (_, index) => line(`${"x".repeat(index % 7)} 日本語🚀`));
    put("a.log", lines.join("\n"));
    put("b.log.gz", gzipSync(lines.join("\n")));
    expect(messages(await readLogFiles(directory))).toEqual({ "logs a.log": lines, "logs b.log.gz": lines });
  });

  it("names the files that it skips: binary, corrupt, otherwise compressed", async () => {
    put("a.log", line("good"));
    put("core", Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0]));
    put("backup.tar.gz", gzipSync(Buffer.alloc(512)));
    put("broken.gz", "not gzip at all");
    put("cut.gz", gzipSync(line("cut off")).subarray(0, 10));
    put("old.log.bz2", "BZh9");
    const result = await readLogFiles(directory);
    expect(Object.keys(messages(result))).toEqual(["logs a.log"]);
    expect(reasons(result)).toEqual([
      expect.stringMatching(/^backup\.tar\.gz: binary/),
      expect.stringMatching(/^broken\.gz: corrupt gzip: incorrect header check/),
      expect.stringMatching(/^core: binary/),
      expect.stringMatching(/^cut\.gz: corrupt gzip: it ends too early/),
      expect.stringMatching(/^old\.log\.bz2: compressed, but not with gzip/),
    ]);
  });

  it.each([
    ["cut off", (whole: Buffer) => whole.subarray(0, -6), "it ends too early"],
    [
      "damaged behind its end",
      (whole: Buffer) => Buffer.concat([whole, Buffer.from("junk")]),
      "incorrect header check",
    ],
  ])("keeps every line of a .gz that is %s, and says where it ended", async (_, damage, why) => {
    const lines = Array.from({ length: 5_000 }, (_, index) => line(`${index} ${"x".repeat(index % 50)}`));
    put("a.log.gz", damage(gzipSync(lines.join("\n"))));
    const result = await readLogFiles(directory);
    expect(messages(result)).toEqual({ "logs a.log.gz": lines });
    expect(result.summary).toMatchObject({
      files: 1,
      skipped: [],
      notes: [{ path: "a.log.gz", note: `ends early: 5000 lines read (corrupt gzip: ${why})` }],
    });
  });

  it("reads a text file with a NUL byte far from its beginning", async () => {
    const text = line(`${"x".repeat(9_000)}\0`);
    put("a.log", text);
    expect(messages(await readLogFiles(directory))).toEqual({ "logs a.log": [text] });
  });

  it("never opens a FIFO or a socket, and names them", async () => {
    put("a.log", line("good"));
    execFileSync("mkfifo", [join(directory, "pipe")]);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(directory, "socket"), resolve));
    try {
      expect(reasons(await readLogFiles(directory))).toEqual([
        "pipe: a FIFO, not a file",
        "socket: a socket, not a file",
      ]);
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it("follows no symbolic link, and names each with where it leads", async () => {
    put("a.log", line("once"));
    mkdirSync(join(directory, "sub"));
    writeFileSync(join(parent, "secret"), line("outside"));
    symlinkSync("a.log", join(directory, "current.log"));
    symlinkSync("../..", join(directory, "sub", "up"));
    symlinkSync("..", join(directory, "sub", "self"));
    symlinkSync(join(parent, "secret"), join(directory, "outside"));
    symlinkSync("loop", join(directory, "loop"));
    symlinkSync("nothing", join(directory, "broken"));
    const result = await readLogFiles(directory);
    expect(messages(result)).toEqual({ "logs a.log": [line("once")] });
    expect(reasons(result)).toEqual([
      "broken: a symbolic link: gone, or a link that leads nowhere",
      "current.log: a symbolic link to a.log, which is read there",
      "loop: a symbolic link: a loop of symbolic links",
      "outside: a symbolic link that leads outside the folder",
      "sub/self: a symbolic link to the folder itself, which is read there",
      "sub/up: a symbolic link that leads outside the folder",
    ]);
  });

  it("goes on when a file is gone by the time it is read, and names it", async () => {
    put("a.log", line("stays"));
    put("b.log", line("goes"));
    const result = await readLogFiles(directory, (path) => {
      if (path === "b.log") rmSync(join(directory, path));
    });
    expect(messages(result)).toEqual({ "logs a.log": [line("stays")] });
    expect(reasons(result)).toEqual(["b.log: gone, or a link that leads nowhere"]);
  });

  it("says of a file and a sub-folder that their names are not UTF-8", async () => {
    put("a.log", line("good"));
    const unnameable = Buffer.concat([Buffer.from(`${directory}/caf`), Buffer.from([0xe9])]);
    writeFileSync(Buffer.concat([unnameable, Buffer.from(".log")]), line("latin 1"));
    mkdirSync(unnameable);
    const result = await readLogFiles(directory);
    expect(messages(result)).toEqual({ "logs a.log": [line("good")] });
    expect(reasons(result)).toEqual([
      "caf\ufffd: its name is not UTF-8: rename it",
      "caf\ufffd.log: its name is not UTF-8: rename it",
    ]);
  });

  it("names a file and a sub-folder that it may not read", async () => {
    put("a.log", line("good"));
    put("b.log", line("hidden"));
    put("sub/c.log", line("hidden"));
    chmodSync(join(directory, "b.log"), 0);
    chmodSync(join(directory, "sub"), 0);
    const superuser = process.geteuid?.() === 0;
    for (const open of [directory, dirname(directory)]) chmodSync(open, 0o755);
    // The superuser may read everything: the test is somebody else for a moment.
    if (superuser) process.seteuid?.(nobody);
    try {
      expect(reasons(await readLogFiles(directory))).toEqual(["b.log: permission denied", "sub: permission denied"]);
    } finally {
      if (superuser) process.seteuid?.(0);
      chmodSync(join(directory, "sub"), 0o700);
    }
  });

  it("names log groups and streams as CloudWatch Logs allows, and notes the change", async () => {
    put("日本 語/a:b*.log", line("one"));
    const { logGroups, summary } = await readLogFiles(directory);
    expect(logGroups[0]?.name).toMatch(/^____-[0-9a-f]{8}$/);
    expect(logGroups[0]?.streams[0]?.name).toMatch(/^a_b_\.log-[0-9a-f]{8}$/);
    expect(summary.notes).toEqual([
      { path: "日本 語", note: `log group ${logGroups[0]?.name}` },
      { path: "日本 語/a:b*.log", note: `log stream ${logGroups[0]?.streams[0]?.name}` },
    ]);
  });

  it("notes a file without any time stamp and an event that it had to split", async () => {
    put("plain.log", `no time\n${"x".repeat(1_048_576)}`);
    const { logGroups, summary } = await readLogFiles(directory);
    expect(logGroups[0]?.streams[0]?.events.map(({ timestamp }) => timestamp)).toEqual([
      modifiedAt,
      modifiedAt,
      modifiedAt,
    ]);
    expect(summary.notes.map(({ note }) => note)).toEqual([
      "no line begins with a time stamp: events at the file's modification time",
      "events over 1,048,550 bytes, split: 1",
    ]);
  });

  it("sums up what it read: files, empty files, lines, events, days, newest event", async () => {
    put("a.log", `\n2026-11-20T01:00:00Z one\nmore\n\n2026-11-22T02:00:00Z two\n`);
    put("empty.log", "");
    put("empty.gz", "");
    put("blank.log", "\n\n");
    const { summary, days, newestEvent } = await readLogFiles(directory);
    expect(summary).toEqual({
      files: 4,
      emptyFiles: 3,
      lines: 7,
      leadingEmptyLines: 3,
      repairedLines: 0,
      events: 2,
      skipped: [],
      notes: [],
    });
    expect(days).toEqual(["2026-11-20", "2026-11-22"]);
    expect(newestEvent).toBe(Date.parse("2026-11-22T02:00:00Z"));
  });

  it("keeps time stamps of the future", async () => {
    put("a.log", "2099-01-01T00:00:00Z later");
    expect((await readLogFiles(directory)).days).toEqual(["2099-01-01"]);
  });

  it("reports every file before it reads it", async () => {
    put("b.log", line("b"));
    put("a/c.log", line("c"));
    const seen: unknown[] = [];
    await readLogFiles(directory, (...progress) => seen.push(progress));
    expect(seen).toEqual([
      ["a/c.log", 0, 2],
      ["b.log", 1, 2],
    ]);
  });

  it("gives any text back, but for CRLF, the last line end, bad bytes and the empty lines at the beginning", async () => {
    const piece = fc.oneof(
      fc.constantFrom(
        "\n",
        "\r\n",
        "\r",
        "\n\n",
        `\n${line("x")}`,
        "\nNov 22 21:31:01 host",
        "\n1795383061 y",
        "\ufeff",
        "日本語🚀",
      ),
      fc.string({ unit: "binary" }),
      fc.uint8Array({ max: 20 }).map((bytes) => Buffer.from(bytes)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece), fc.boolean(), async (pieces, isCompressed) => {
        const bytes = Buffer.concat(
          [Buffer.from("x"), ...pieces.map((each) => Buffer.from(each))].slice(pieces.length % 2),
        );
        fc.pre(!bytes.includes(0));
        put("good.log", line("good"));
        rmSync(join(directory, "a"), { recursive: true, force: true });
        put(isCompressed ? "a/a.gz" : "a/a", isCompressed ? gzipSync(bytes) : bytes);
        const { logGroups, summary } = await readLogFiles(directory);
        const expected = bytes
          .toString()
          .replace(/^\ufeff/, "")
          .replaceAll("\r\n", "\n");
        const withoutLastEnd = expected.endsWith("\n") ? expected.slice(0, -1) : expected;
        const events = logGroups.find(({ name }) => name === "a")?.streams[0]?.events ?? [];
        expect(events.map(({ message }) => message).join("\n")).toBe(withoutLastEnd.replace(/^\n+/, ""));
        const inEvents = events.reduce((sum, { message }) => sum + message.split("\n").length, 1);
        expect(inEvents + summary.leadingEmptyLines).toBe(summary.lines);
      }),
      { seed: 1, numRuns: 200 },
    );
  });
});

describe("a folder that cannot be used", () => {
  it("is refused when it does not exist", async () => {
    await expect(readLogFiles(join(directory, "nowhere"))).rejects.toThrow(LogDirectoryNotFound);
  });

  it("is refused when it is a file", async () => {
    put("a.log", line("one"));
    await expect(readLogFiles(join(directory, "a.log"))).rejects.toThrow(NotALogDirectory);
  });

  it("is refused when it cannot be read", () => {
    const denied = Object.assign(new Error("EACCES"), { code: "EACCES" });
    expect(directoryError("/logs", denied)).toBeInstanceOf(LogDirectoryUnreadable);
    expect(directoryError("/logs", denied).message).toContain("permission denied");
  });

  it("is refused when it holds more text than fits, without reading it all", async () => {
    put("a.log", `${line("one")}\n${line("two")}\n`);
    put("b.log.gz", gzipSync("x".repeat(300_000)));
    put("c.log", line("not read"));
    const seen: string[] = [];
    const read = (limits: { bytes: number; lines: number }) =>
      readLogFiles(directory, (path) => seen.push(path), limits);
    expect((await read({ bytes: 300_100, lines: 4 })).summary.lines).toBe(4);
    for (const limits of [
      { bytes: 300_000, lines: 4 },
      { bytes: 300_100, lines: 2 },
    ]) {
      seen.length = 0;
      await expect(read(limits)).rejects.toThrow(TooManyLogs);
      expect(seen).toEqual(["a.log", "b.log.gz"]);
    }
  });

  it("is refused when no file in it has a line, and says what was skipped", async () => {
    put("empty.log", "");
    put("core", Buffer.alloc(4));
    const refusal = readLogFiles(directory);
    await expect(refusal).rejects.toThrow(NoLogFiles);
    await expect(refusal).rejects.toThrow(/core: binary/);
  });
});

describe("log files as an account's log groups", () => {
  it("has events in time order, ingested when they happened, in log groups no younger than their events", async () => {
    put("a.log", "2026-11-22T02:00:00Z second\n2026-11-20T01:00:00Z first");
    const { logGroups } = await readLogFiles(directory);
    const [first, second] = [Date.parse("2026-11-20T01:00:00Z"), Date.parse("2026-11-22T02:00:00Z")];
    expect(toLogGroups(logGroups, { account: "111122223333", region: "us-east-1" })).toEqual([
      {
        account: "111122223333",
        region: "us-east-1",
        name: "logs",
        logGroupClass: "STANDARD",
        createdAt: first,
        streams: [
          {
            name: "a.log",
            events: [
              { timestamp: first, ingestionTime: first, message: "2026-11-20T01:00:00Z first" },
              { timestamp: second, ingestionTime: second, message: "2026-11-22T02:00:00Z second" },
            ],
          },
        ],
      },
    ]);
  });
});

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

  it("knows gzip and other compression by its first bytes, whatever the name", async () => {
    put("app.log.1", gzipSync(line("compressed")));
    put("zstd", Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x24, 0x05]));
    put("xz", Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00, 0x00]));
    put("zip.log", "PK\u0003\u0004 and so on");
    put("text.zip", line("text"));
    const result = await readLogFiles(directory);
    expect(messages(result)).toEqual({ "logs app.log.1": [line("compressed")], "logs text.zip": [line("text")] });
    expect(reasons(result)).toEqual(
      ["xz", "zip.log", "zstd"].map((path) => `${path}: compressed, but not with gzip: decompress it first`),
    );
  });

  it("reads CRLF as LF, drops a byte order mark, and keeps other carriage returns and line separators", async () => {
    put("a.log", `\ufeff${line("one")}\r\n more\r\n${line("two \r \u2028 three")}\r`);
    expect(messages(await readLogFiles(directory))).toEqual({
      "logs a.log": [`${line("one")}\n more`, `${line("two \r \u2028 three")}\r`],
    });
  });

  it("takes a carriage return for a line end in a file without line feeds", async () => {
    put("a.log", `${line("one")}\r${line("two")}\r`);
    expect(messages(await readLogFiles(directory))).toEqual({ "logs a.log": [line("one"), line("two")] });
  });

  it("reads a .gz that was decompressed and kept its name", async () => {
    put("a.json.gz", line("text"));
    expect(messages(await readLogFiles(directory))).toEqual({ "logs a.json.gz": [line("text")] });
  });

  it("reads UTF-16 with a byte order mark, of either byte order, also compressed and over many chunks", async () => {
    const lines = Array.from({ length: 3_000 }, (_, index) => line(`${index} wörld 日本語🚀`));
    const little = Buffer.from(`\ufeff${lines.join("\r\n")}\r\n`, "utf16le");
    put("little.log", little);
    put("little.gz", gzipSync(little));
    put("big.log", Buffer.from(little).swap16());
    const found = messages(await readLogFiles(directory));
    expect(found).toEqual({ "logs big.log": lines, "logs little.gz": lines, "logs little.log": lines });
  });

  it("says that records are in one event with what their JSON document holds besides", async () => {
    const items = ["2024-05-01", "2024-05-02"].map((day) => ({ at: 1, captureTime: `${day}T10:00:00Z` }));
    put("snapshot.json", JSON.stringify({ time: "2024-05-03T10:00:00Z", items }));
    expect((await readLogFiles(directory)).summary.notes).toEqual([
      {
        path: "snapshot.json",
        note: "2 records of JSON documents that hold more than records: in one event with their document, at its time",
      },
    ]);
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
    put("broken.gz", Buffer.from([1, 2, 3]));
    put("copy.tar", Buffer.concat([Buffer.from("a.log".padEnd(257, "\0")), Buffer.from("ustar\0".padEnd(255, "\0"))]));
    put("twice.gz", gzipSync(gzipSync(line("twice"))));
    put("wide.log", Buffer.from(line("UTF-16 without a mark"), "utf16le"));
    put("cut.gz", gzipSync(line("cut off")).subarray(0, 10));
    put("old.log.bz2", "BZh9");
    const result = await readLogFiles(directory);
    expect(Object.keys(messages(result))).toEqual(["logs a.log"]);
    expect(reasons(result)).toEqual([
      expect.stringMatching(/^backup\.tar\.gz: binary/),
      expect.stringMatching(/^broken\.gz: corrupt gzip: incorrect header check/),
      "copy.tar: a tar archive: unpack it first",
      expect.stringMatching(/^core: binary/),
      expect.stringMatching(/^cut\.gz: corrupt gzip: it ends too early/),
      expect.stringMatching(/^old\.log\.bz2: compressed, but not with gzip/),
      "twice.gz: compressed twice: decompress it first",
      expect.stringMatching(/^wide\.log: binary: .*UTF-16 without a byte order mark/),
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
    const onFile = (path: string) => {
      if (path === "b.log") rmSync(join(directory, path));
    };
    const result = await readLogFiles(directory, { onFile });
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
    // The superuser may read everything: the test is another user for a moment.
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

  it("notes a file without any time and an event that it had to split", async () => {
    put("plain.log", `no time\n${"x".repeat(1_048_576)}`);
    const { logGroups, summary } = await readLogFiles(directory);
    expect(logGroups[0]?.streams[0]?.events.map(({ timestamp }) => timestamp)).toEqual([
      modifiedAt,
      modifiedAt,
      modifiedAt,
    ]);
    expect(summary.notes.map(({ note }) => note)).toEqual([
      "no line states a time: events at the file's modification time, 2026-11-22T22:00:00.000Z",
      "events over 1,048,550 bytes, split: 1",
    ]);
  });

  it("sums up what it read: files, empty files, lines, events, days, newest event", async () => {
    put("a.log", `\n2026-11-20T01:00:00Z one\n  more\n\n2026-11-22 02:00:00 two\n`);
    put("empty.log", "");
    put("empty.gz", "");
    put("blank.log", "\n\n");
    const { summary, days, newestEvent } = await readLogFiles(directory);
    expect(summary).toEqual({
      files: 4,
      emptyFiles: 3,
      lines: 7,
      leadingEmptyLines: 3,
      linesWithoutTime: 5,
      linesWithoutZone: 1,
      repairedLines: 0,
      events: 2,
      skipped: [],
      notes: [
        {
          path: "a.log",
          note: "3 of 5 lines state no time: 1 before the first event in none, 2 with the event before them",
        },
      ],
    });
    expect(days).toEqual(["2026-11-20", "2026-11-22"]);
    expect(newestEvent).toBe(Date.parse("2026-11-22T02:00:00Z"));
  });

  it("has no events in the future of a file, unless the simulated clock comes to it in any case", async () => {
    put("a.log", "2099-01-01T00:00:00Z later");
    const { days, summary } = await readLogFiles(directory);
    expect(days).toEqual(["2026-11-22"]);
    expect(summary.notes.map(({ note }) => note)).toEqual([
      "no line states a time: events at the file's modification time, 2026-11-22T22:00:00.000Z",
      "1 line with a time after the file's last change (2099-01-01): not taken for theirs",
    ]);
    const simulatedNow = Date.parse("2099-01-01T00:00:00Z");
    expect((await readLogFiles(directory, { simulatedNow })).days).toEqual(["2099-01-01"]);
  });

  it("reports every file before it reads it", async () => {
    put("b.log", line("b"));
    put("a/c.log", line("c"));
    const seen: unknown[] = [];
    await readLogFiles(directory, { onFile: (...progress) => seen.push(progress) });
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
        "\n  continued",
        '\n{"time":"2026-11-22T21:31:01Z"}',
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
          .replaceAll(bytes.includes("\n") ? "\r\n" : "\r", "\n");
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

describe("what the lines of a file state of their times", () => {
  const cases: Readonly<Record<string, { file: string; lines: string[]; events: string[]; notes: string[] }>> = {
    "zones by name": {
      file: "postgresql.log",
      lines: [
        "2024-06-27 00:30:07.123 CEST [58151] LOG:  checkpoint starting: time",
        "2025-01-31 20:15:00.000 EST [58152] LOG:  checkpoint complete",
        "2025-08-13 01:45:01.123 PDT [12345] LOG:  starting PostgreSQL 15.4",
      ],
      events: ["2024-06-26T22:30:07.123Z", "2025-02-01T01:15:00.000Z", "2025-08-13T08:45:01.123Z"],
      notes: [],
    },
    "a colon behind the time": {
      file: "app.log",
      lines: [
        "2024-07-20 12:27:52,797:WARNING:login failed",
        "2024-07-20 12:27:52,301:INFO:came first",
        "2024-07-22 10:33:45: [error] App: 403: POST /api/sessions",
      ],
      events: ["2024-07-20T12:27:52.797Z", "2024-07-20T12:27:52.301Z", "2024-07-22T10:33:45.000Z"],
      notes: [],
    },
    "syslog with priorities, of both RFCs": {
      file: "messages",
      lines: [
        "Sep 28 10:38:09 fw filterlog: 53,block",
        "<134>1 2022-09-06T18:37:34+02:00 fw filterlog 69805 - - 10,block",
        "<13>Nov 22 21:31:01 host sshd[1]: accepted",
      ],
      events: ["2026-09-28T10:38:09.000Z", "2022-09-06T16:37:34.000Z", "2026-11-22T21:31:01.000Z"],
      notes: ["2 lines without a year: 2026 by the file's modification time"],
    },
    "JSON lines": {
      file: "app.json",
      lines: ["2", "3", "4"].map((day) => `{"timestamp":"2024-05-0${day}T10:00:00Z","level":"info"}`),
      events: ["2024-05-02T10:00:00.000Z", "2024-05-03T10:00:00.000Z", "2024-05-04T10:00:00.000Z"],
      notes: [],
    },
    "AWS's own formats": {
      file: "aws.log",
      lines: [
        'http 2023-04-26T12:22:55.463821Z app/lb/1 192.0.2.10:44740 10.0.0.1:80 0.000 0.001 0.000 200 200 34 366 "GET http://www.example.com:80/ HTTP/1.1"',
        "2024-03-12\t15:22:28\tCDG50-P2\t703\t192.0.2.4\tGET\td111111abcdef8.cloudfront.net\t/t\t400\t-\tcurl",
        '{"eventVersion":"1.08","eventTime":"2023-04-12T11:55:16Z","eventSource":"secretsmanager.amazonaws.com"}',
        "2 123456789010 eni-1235b8ca123456789 172.31.16.139 172.31.16.21 20641 22 6 20 4249 1418530010 1418530070 ACCEPT OK",
      ],
      events: [
        "2023-04-26T12:22:55.463Z",
        "2024-03-12T15:22:28.000Z",
        "2023-04-12T11:55:16.000Z",
        "2014-12-14T04:06:50.000Z",
      ],
      notes: [],
    },
    "many formats in a file": {
      file: "mixed.log",
      lines: [
        "2024-05-01T00:00:00Z service starting",
        '{"ts":"2024-05-02T10:00:00Z","msg":"second day"}',
        '{"ts":"2024-05-20T10:00:00Z","msg":"twentieth day"}',
        'time="2024-06-01T10:00:00Z" level=error msg="next month"',
        'I0702 11:59:44.523502 4727 kubelet.go:187] "two months later"',
      ],
      events: [
        "2024-05-01T00:00:00.000Z",
        "2024-05-02T10:00:00.000Z",
        "2024-05-20T10:00:00.000Z",
        "2024-06-01T10:00:00.000Z",
        "2024-07-02T11:59:44.523Z",
      ],
      notes: ["1 line without a year: 2024 by the times around them"],
    },
    "figures without marks": {
      file: "hdfs.log",
      lines: [
        "081109 203615 148 INFO dfs.DataNode: first",
        "081110 203807 222 INFO dfs.DataNode: second",
        "081111 204005 35 INFO dfs.FSNamesystem: third",
      ],
      events: ["2008-11-09T20:36:15.000Z", "2008-11-10T20:38:07.000Z", "2008-11-11T20:40:05.000Z"],
      notes: ["3 lines with figures read as year month day, which may be in another order"],
    },
    "no times, and an event for each line": {
      file: "plain.log",
      lines: ["starting", "still starting", "  slowly"],
      events: ["2026-11-22T22:00:00.000Z", "2026-11-22T22:00:00.000Z"],
      notes: ["no line states a time: events at the file's modification time, 2026-11-22T22:00:00.000Z"],
    },
    "headings before the first time": {
      file: "flow.log",
      lines: [
        "version account-id interface-id start end action log-status",
        "2 123456789010 eni-1 1418530010 1418530070 ACCEPT OK",
        "2 123456789010 eni-1 1418616410 1418616470 ACCEPT OK",
      ],
      events: ["2014-12-14T04:06:50.000Z", "2014-12-14T04:06:50.000Z", "2014-12-15T04:06:50.000Z"],
      notes: ["1 of 3 lines state no time: 1 at the file's first time, 2014-12-14T04:06:50.000Z"],
    },
    "numbers that are no times": {
      file: "report.log",
      lines: [
        "2024-05-02 10:00:00 INFO customers without a contract:",
        "4155550123 | A. Example",
        "1234567890 | B. Example",
        "2024-05-02 10:00:01 INFO done",
      ],
      events: [
        "2024-05-02T10:00:00.000Z",
        "2024-05-02T10:00:00.000Z",
        "2024-05-02T10:00:00.000Z",
        "2024-05-02T10:00:01.000Z",
      ],
      notes: ["2 of 4 lines state no time: 2 at the time before them"],
    },
  };

  it.each(Object.entries(cases))("is what their events have: %s", async (_, { file, lines, events, notes }) => {
    put(file, `${lines.join("\n")}\n`);
    const { logGroups, summary } = await readLogFiles(directory);
    const read = logGroups.flatMap(({ streams }) => streams.flatMap((stream) => stream.events));
    expect(read.map(({ timestamp }) => new Date(timestamp).toISOString())).toEqual(events);
    expect(read.map(({ message }) => message).join("\n")).toBe(lines.join("\n"));
    expect(summary.notes).toEqual(notes.map((note) => ({ path: file, note })));
  });

  it("is said of CloudTrail's records, which are an event each", async () => {
    const records = ["2", "3"].map((day) => `{"eventTime":"2023-04-1${day}T11:55:16Z","eventName":"ListSecrets"}`);
    put("trail.json", `{"Records":[${records.join(",")}]}`);
    const result = await readLogFiles(directory);
    expect(messages(result)).toEqual({ "logs trail.json": records });
    expect(result.days).toEqual(["2023-04-12", "2023-04-13"]);
    expect(result.summary).toMatchObject({
      lines: 1,
      linesWithoutTime: 0,
      notes: [
        {
          path: "trail.json",
          note: "2 records of JSON documents are an event each; what is written around them is in none",
        },
      ],
    });
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
      readLogFiles(directory, { onFile: (path) => seen.push(path), limits });
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

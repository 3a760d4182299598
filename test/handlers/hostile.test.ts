import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { checkArchive } from "../../apps/demo/check";
import type { LogEvent, LogStream } from "../../apps/emulator";
import { printable } from "../../apps/terminal/printable";
import { exportKeyBytes, maxKeyBytes } from "../../handlers/archive/layout";
import type { Receipt } from "../../handlers/archive/records";
import { closeAll, type Emulated, emulate } from "./support/emulated";
import { account, region } from "./support/examples";
import { bucket, logGroup, noonYesterday, world, yesterday } from "./support/organisation";
import { runOnce } from "./support/run";

/** Whatever CloudWatch Logs allows in names and messages has to arrive, every byte of it, or to be named as what cannot. */

const directory = mkdtempSync(join(tmpdir(), "org-log-archive-hostile-"));
afterAll(async () => {
  await closeAll();
  rmSync(directory, { recursive: true, force: true });
});

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const fill = (text: string, length: number) => text.repeat(Math.ceil(length / text.length)).slice(0, length);
const ascii = String.fromCharCode(...Array.from({ length: 128 }, (_, code) => code)).replace(/[:*]/g, "");

/** Of 512 characters, and of so many bytes as a key with it has. */
const streamOfKeyBytes = (bytes: number) => {
  const wide = bytes - exportKeyBytes(account, yesterday, "") - 512;
  return "é".repeat(wide) + "x".repeat(512 - wide);
};

const groups = {
  everyCharacter: fill(`/.-_#${letters}`, 512),
  streams: "/hostile/streams",
  messages: "/hostile/messages",
  dots: "../..//.",
  longest: "/hostile/longest-key",
  tooLong: "/hostile/too-long-key",
};

const streamNames = [
  ...[
    "..",
    ".",
    "...",
    "_x",
    ".x",
    "a/b",
    "a-b",
    "/a/b/",
    "//",
    " ",
    "  a  ",
    "-",
    "~",
    "%2F",
    "%",
    "+",
    "a+b c",
    "a\\b",
  ],
  ...[
    "日本語/ログ",
    "cafe\u0301",
    "caf\u00e9",
    "🪵🔥",
    "\u202etxt.exe",
    "A",
    "a",
    "CON",
    "nul.gz",
    "aws-logs-write-test",
    "000000.gz",
  ],
  ...[
    `'"<>&;$(rm -rf)\``,
    "\u001b[31mred",
    "line\nend\r\n",
    "\u0000nul\u0000",
    "\u009b2J",
    fill(ascii, 512),
    fill("é", 440),
  ],
];

const messages = [
  ...[
    "two\nlines",
    "\nleading",
    "trailing\n",
    "\n",
    "\r\n",
    "a\r\nb",
    "nul \u0000 nul",
    "\u001b[2J\u001b]0;title\u0007",
    " ",
  ],
  ...["2026-11-19T12:00:00.000Z looks like a line of its own", '{"json":"\\u0000"}', '=cmd|"/c calc"!A1', "<script>"],
  ...[
    "日本語 🪵 \ud83d\udc69\u200d\ud83d\udcbb",
    "\ufeffbyte order mark",
    "\u2028line separator",
    fill("x", 1_048_550),
    fill("é\n", 700_000),
  ],
];

const event = (message: string, index: number): LogEvent => {
  const timestamp = noonYesterday + index;
  return { timestamp, ingestionTime: timestamp, message };
};

const stream = (name: string, events: readonly string[] = [`from ${name}`]): LogStream => ({
  name,
  events: events.map(event),
});

const logGroups = [
  logGroup(groups.everyCharacter),
  logGroup(groups.streams, { streams: streamNames.map((name) => stream(name)) }),
  logGroup(groups.messages, { streams: [stream("main", messages)] }),
  logGroup(groups.dots),
  logGroup(groups.longest, { streams: [stream(streamOfKeyBytes(maxKeyBytes))] }),
  logGroup(groups.tooLong, { streams: [stream(streamOfKeyBytes(maxKeyBytes + 1)), stream("short")] }),
];

let emulated: Emulated;
let receipts: ReadonlyMap<string, Receipt>;

beforeAll(async () => {
  emulated = await emulate({ world: world(logGroups), directory });
  const { report } = await runOnce(emulated);
  expect(report).toMatchObject({ status: "complete", failed: 0 });
  receipts = new Map(emulated.receipts().map((receipt) => [receipt.logGroup, receipt]));
});

/** What lies in a receipt's folder of a stream: the objects' bytes, one after the other. */
function archived(logGroup: string, folder: string): Buffer {
  const prefix = receipts.get(logGroup)?.tasks[0]?.prefix ?? "";
  const keys = emulated.keys(`${prefix}${folder}/`);
  const { object } = emulated.cloud.s3;
  return Buffer.concat(
    keys.map((key) => gunzipSync(object.call(emulated.cloud.s3, bucket, key)?.body ?? Buffer.alloc(0))),
  );
}

const exportedText = ({ timestamp, message }: LogEvent) => `${new Date(timestamp).toISOString()} ${message}\n`;

it("archives log groups whose names have every legal character, at full length, or read like paths", () => {
  expect(groups.everyCharacter).toHaveLength(512);
  for (const name of [groups.everyCharacter, groups.dots])
    expect(archived(name, "main").toString("utf8")).toBe(`2026-11-19T12:00:00.000Z main ${noonYesterday}\n`);
});

it.each(streamNames.map((name) => [printable(name).slice(0, 40), name]))("archives the stream %s", (_, name) => {
  expect(archived(groups.streams, name.replaceAll("/", "-")).toString("utf8")).toContain(
    exportedText(event(`from ${name}`, 0)),
  );
});

it("keeps a/b and a-b apart from nothing but each other: both are there", () => {
  const text = archived(groups.streams, "a-b").toString("utf8");
  expect(text.split("\n").filter(Boolean).sort()).toEqual(
    ["a-b", "a/b"].map((name) => `2026-11-19T12:00:00.000Z from ${name}`),
  );
});

it("archives every byte of every message", () => {
  const bytes = archived(groups.messages, "main");
  for (const [index, message] of messages.entries())
    expect(bytes.includes(Buffer.from(exportedText(event(message, index))))).toBe(true);
  const length = messages.reduce(
    (sum, message, index) => sum + Buffer.byteLength(exportedText(event(message, index))),
    0,
  );
  expect(bytes).toHaveLength(length);
});

it("archives a stream whose key is as long as S3 allows, and skips for good the log group of one that is longer", () => {
  expect(receipts.get(groups.longest)).toMatchObject({ objects: 1 });
  const lengths = emulated.keys(`${account}/`).map((key) => Buffer.byteLength(key));
  expect(Math.max(...lengths)).toBe(maxKeyBytes);
  expect(receipts.has(groups.tooLong)).toBe(false);
  const line = emulated.coverage().find((line) => line.logGroup === groups.tooLong);
  expect(line).toMatchObject({ outcome: "skipped", reason: "key-too-long: 1025 bytes" });
});

it("lists every key as it is, whatever the encoding of listings makes of it", async () => {
  const { prefix = "" } = receipts.get(groups.streams)?.tasks[0] ?? {};
  const archive = emulated.store();
  const listed: string[] = [];
  for await (const { key } of archive.list(prefix)) listed.push(key);
  expect(listed.sort()).toEqual(emulated.keys(prefix));
});

it("counts in every receipt what lies in the bucket, whatever the keys are", () => {
  for (const { tasks } of receipts.values())
    for (const { prefix, objects } of tasks) expect(emulated.keys(prefix)).toHaveLength(objects);
  expect(receipts.get(groups.streams)?.objects).toBe(streamNames.length);
});

it("leaves an archive folder that can be read back, on a file system that has fewer names than S3", () => {
  emulated.cloud.flush();
  const check = checkArchive(directory, new Map([[`${account} ${region}`, new Set([yesterday])]]));
  expect(check.problems).toEqual([]);
  expect(check.skipped).toEqual([expect.stringContaining("key-too-long")]);
  expect(check.itemsWithData).toBe(logGroups.length);
});

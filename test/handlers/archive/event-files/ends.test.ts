import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { addInnerEnds, type NextDay, settledEvents, settleEnds } from "../../../../handlers/archive/event-files/ends";
import { EventFiles, writeEventFile } from "../../../../handlers/archive/event-files/event-files";
import { readEventFile } from "../../../../handlers/archive/event-files/read-event-file";
import { standingEvents } from "../../../../handlers/archive/event-files/standing-events";
import { readExportedObject } from "../../../../handlers/archive/exported-object";
import { receiptKey, taskPrefix } from "../../../../handlers/archive/layout";
import type { Receipt } from "../../../../handlers/archive/records";
import type { SealedEventFile, SealedItem, SealedObject } from "../../../../handlers/archive/seals";
import { CrowdedMoment, EventsOfMoment, ownEvents } from "../../../../handlers/archive/shared-moments";
import { streamOf } from "../../../../handlers/archive/store";
import { receipt as exampleReceipt, utcDay } from "../../support/examples";
import { fileColumns, memoryArchive } from "./support/rows";

type Reading = "event-time" | "ingestion-time";

interface Event {
  readonly logGroup: string;
  readonly logStream: string;
  readonly timestamp: number;
  readonly ingestionTime: number;
  readonly message: string;
}

const { account, region } = fileColumns;
/** Of the last nothing is ever exported. */
const days = ["2026-11-18", "2026-11-19", "2026-11-20", "2026-11-21"];
const windows = days.map(utcDay);
const dayMs = 86_400_000;

/** An archive to which one account's days are exported, and in which they are sealed, in any order and more than once. */
class Account {
  readonly archive = memoryArchive();
  private readonly seals = new Map<string, { items: SealedItem[]; eventFiles: SealedEventFile[] }[]>();
  private tasks = 0;

  constructor(
    private readonly events: readonly Event[],
    private readonly reading: Reading,
  ) {}

  /** Exports a log group's day, in one window or in two. */
  export(logGroup: string, index: number, cut?: number): void {
    const { day, from, to } = windowOf(index);
    const bounds = cut === undefined ? [from, to] : [from, cut, to];
    const tasks = bounds.slice(1).map((end, part) => {
      this.tasks += 1;
      const taskId = `task-${this.tasks}`;
      const window = { from: bounds[part] ?? from, to: end };
      const prefix = taskPrefix(account, day, taskId);
      this.write(
        prefix,
        this.events.filter((event) => event.logGroup === logGroup && this.isIn(event, window)),
      );
      return { ...exampleReceipt().tasks[0], ...window, taskId, prefix };
    });
    const receipt = { ...exampleReceipt(), account, region, logGroup, day, from, to, tasks };
    let n = 1;
    while (this.archive.written.has(receiptKey(day, account, logGroup, n))) n += 1;
    this.archive.written.set(receiptKey(day, account, logGroup, n), Buffer.from(JSON.stringify(receipt)));
  }

  private write(prefix: string, events: readonly Event[]): void {
    for (const [number, event] of events.entries())
      this.archive.written.set(
        `${prefix}${event.logStream}/${String(number).padStart(6, "0")}.gz`,
        gzipSync(`${new Date(event.timestamp).toISOString()} ${event.message}\n`),
      );
  }

  private isIn({ timestamp, ingestionTime }: Event, { from, to }: { from: number; to: number }): boolean {
    return this.reading === "event-time"
      ? from <= timestamp && timestamp <= to
      : from <= ingestionTime && ingestionTime < to;
  }

  /** What a step does: seals the receipts of a day that no seal names, then settles the ends of both days beside it. */
  async seal(index: number): Promise<void> {
    const { day, from } = windowOf(index);
    const sealed = this.sealsOf(index).flatMap(({ items }) => items.map(({ receipt }) => receipt));
    const files = new EventFiles({ region, account, day }, this.archive, { fileBytes: 2_000, rowGroupBytes: 500 });
    const items: SealedItem[] = [];
    for (const key of this.receiptsOf(index).filter((key) => !sealed.includes(key))) {
      const receipt: Receipt = JSON.parse(this.archive.written.get(key)?.toString() ?? "");
      const { logGroup } = receipt;
      const before = index === 0 ? undefined : await settledEvents(this.archive, this.day(index - 1), logGroup);
      const objects: SealedObject[] = [];
      for (const task of receipt.tasks)
        for await (const { key: object } of this.archive.list(task.prefix)) {
          const stored = this.archive.written.get(object) ?? Buffer.alloc(0);
          const [, , , logStream = ""] = object.split("/");
          const moments = { to: task.to, ...(before && task.from === from && { from, before }) };
          const content = await readExportedObject(streamOf(stored).bytes, (block) =>
            files.add({ logGroup, logStream, taskId: task.taskId }, ownEvents(block, logStream, moments)),
          );
          objects.push({ key: object, etag: "-", ...content });
        }
      const item = { logGroup, receipt: key, receiptSha256: "", objects };
      await addInnerEnds(this.archive, receipt, item, (of, block) => files.add(of, block));
      files.endItem();
      items.push(item);
    }
    // A day without receipts has coverage, which is sealed as well.
    if (items.length > 0 || this.sealsOf(index).length === 0)
      this.sealsOf(index).push({ items, eventFiles: [...(await files.finish())] });
    for (const earlier of [index - 1, index]) if (earlier >= 0 && earlier < days.length - 1) await this.settle(earlier);
  }

  private async settle(index: number): Promise<void> {
    const receipts = this.receiptsOf(index + 1);
    const { file } = await settleEnds(this.archive, this.day(index), {
      items: this.day(index + 1).items,
      isSealed: this.sealsOf(index + 1).length > 0,
      isOpen: (logGroup) => receipts.includes(receiptKey(windowOf(index + 1).day, account, logGroup, 1)),
    });
    if (!file) return;
    const eventFile = await writeEventFile(this.archive, { region, account, day: windowOf(index).day }, "ends", file);
    this.sealsOf(index).push({ items: [], eventFiles: [eventFile] });
  }

  day(index: number) {
    const seals = this.sealsOf(index);
    const { day, to } = windowOf(index);
    return { region, account, day, to, ...standingEvents(seals.map((seal, index) => ({ ...seal, n: index + 1 }))) };
  }

  /** What queries read: the rows of the files that seals name, of the tasks that stand. */
  async rows(): Promise<string[]> {
    const found: string[] = [];
    for (const index of days.keys()) {
      for (const { key, taskIds } of this.day(index).files)
        for (const row of await readEventFile(this.archive.written.get(key) ?? Buffer.alloc(0)))
          if (taskIds.has(row.task_id))
            found.push(rowText(row.day, row.log_group, row.log_stream, row.ts, row.message));
    }
    return found.sort();
  }

  private sealsOf(index: number) {
    const { day } = windowOf(index);
    const seals = this.seals.get(day) ?? [];
    this.seals.set(day, seals);
    return seals;
  }

  private receiptsOf(index: number): string[] {
    return [...this.archive.written.keys()].filter((key) => key.startsWith(`receipts/day=${windowOf(index).day}/`));
  }
}

function windowOf(index: number) {
  const window = windows[index];
  if (!window) throw new Error(`There is no day ${index}`);
  return window;
}

function rowText(day: string, logGroup: string, logStream: string, ts: Date | null, message: string): string {
  return [day, logGroup, logStream, ts?.toISOString(), message].join(" ");
}

const midnights = windows.map(({ from }) => from);

/** Events of which many lie on a midnight, some ingested before it. */
const eventsFor = (reading: Reading) =>
  fc
    .array(
      fc.record({
        logGroup: fc.constantFrom("/a", "/a", "/b"),
        logStream: fc.constantFrom("x", "_y"),
        timestamp: fc.tuple(fc.constantFrom(...midnights), fc.constantFrom(-1, 0, 0, 0, 1, 3_600_000)),
        lateBy: fc.constantFrom(-60_000, 0, 1, dayMs),
      }),
      { maxLength: 12 },
    )
    .map((list) =>
      list.map(({ timestamp: [midnight, after], lateBy, ...event }, number): Event => {
        const timestamp = midnight + after;
        // By ingestion, events that are alike and on both sides of a midnight cannot be told from doubled ones.
        const message = `message ${reading === "event-time" ? number % 2 : number}`;
        return { ...event, timestamp, ingestionTime: timestamp + lateBy, message };
      }),
    );

/** What happens to an account: a log group's day is exported, whole or in two windows, or a day is sealed. */
type Step = { readonly seal: number } | Parameters<typeof exportStep>[1];

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    logGroup: fc.constantFrom("/a", "/a", "/b"),
    day: fc.nat(2),
    cut: fc.constantFrom(undefined, 3_600_000),
  }),
  fc.record({ seal: fc.nat(2) }),
);

function exportStep(
  archived: Account,
  { logGroup, day, cut }: { logGroup: string; day: number; cut?: number | undefined },
) {
  archived.export(logGroup, day, cut === undefined ? undefined : windowOf(day).from + cut);
}

/** What was exported of the source, by log group, log stream, time and message, however often. */
function expectedEvents(list: readonly Event[], exported: ReadonlySet<string>, reading: Reading): string[] {
  return list
    .filter(({ logGroup, timestamp, ingestionTime }) =>
      windows.some(({ from, to }, index) => {
        if (!exported.has(`${logGroup} ${index}`)) return false;
        return reading === "event-time"
          ? from <= timestamp && timestamp <= to
          : from <= ingestionTime && ingestionTime < to;
      }),
    )
    .map(({ logGroup, logStream, timestamp, message }) =>
      [logGroup, logStream, new Date(timestamp).toISOString(), message].join(" "),
    )
    .sort();
}

/** What was found to be the earlier day's is left out of the later day's files, and has to stay when the earlier is exported again. */
const settledThenExportedAgain: [Event[], Step[]] = [
  [{ logGroup: "/a", logStream: "x", timestamp: windowOf(2).from, ingestionTime: windowOf(2).from - 1, message: "m" }],
  [
    { logGroup: "/a", day: 1 },
    { seal: 2 },
    { seal: 1 },
    { logGroup: "/a", day: 2 },
    { seal: 2 },
    { logGroup: "/a", day: 1 },
  ],
];

const withoutDay = (rows: readonly string[]) => rows.map((row) => row.slice(row.indexOf(" ") + 1)).sort();

function countOf(rows: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(row, (counts.get(row) ?? 0) + 1);
  return counts;
}

describe.each<Reading>(["event-time", "ingestion-time"])("when CloudWatch Logs filters by %s", (reading) => {
  it("whatever is exported and sealed when, no event is twice, and each is there once the days beside it are sealed", async () => {
    await fc.assert(
      fc.asyncProperty(eventsFor(reading), fc.array(step, { minLength: 4, maxLength: 14 }), async (list, steps) => {
        const archived = new Account(list, reading);
        const exported = new Set<string>();
        for (const one of steps)
          if ("seal" in one) await archived.seal(one.seal);
          else {
            exported.add(`${one.logGroup} ${one.day}`);
            exportStep(archived, one);
          }
        const expected = expectedEvents(list, exported, reading);
        const most = countOf(expected);
        for (const [row, count] of countOf(withoutDay(await archived.rows())))
          expect([row, count <= (most.get(row) ?? 0)]).toEqual([row, true]);
        for (const day of days.keys()) await archived.seal(day);
        expect(withoutDay(await archived.rows())).toEqual(expected);
        const before = archived.archive.written.size;
        for (const day of days.keys()) await archived.seal(day);
        expect(archived.archive.written.size).toBe(before);
      }),
      { seed: 20_261_126, numRuns: 120, examples: [settledThenExportedAgain] },
    );
  });

  it("an event of a midnight lies with the day that it begins, if that has it, in whichever order they are sealed", async () => {
    await fc.assert(
      fc.asyncProperty(eventsFor(reading), fc.shuffledSubarray([0, 1, 2], { minLength: 3 }), async (list, order) => {
        const archived = new Account(list, reading);
        for (const logGroup of ["/a", "/b"]) for (const day of [0, 1, 2]) exportStep(archived, { logGroup, day });
        for (const day of [...order, 3]) await archived.seal(day);
        const dayOf = ({ timestamp, ingestionTime }: Event) => {
          const at = reading === "event-time" ? timestamp : ingestionTime;
          const index = windows.findIndex(({ from, to }) => from <= at && at < to);
          // Nothing is exported of the last day but its first millisecond, with the day before.
          return index === 3 && at === windowOf(3).from && reading === "event-time" ? 2 : index;
        };
        const expected = list
          .map((event) => ({ ...event, index: dayOf(event) }))
          .filter(({ index }) => index >= 0 && index < 3)
          .map(({ index, logGroup, logStream, timestamp, message }) =>
            rowText(windowOf(index).day, logGroup, logStream, new Date(timestamp), message),
          );
        expect(await archived.rows()).toEqual(expected.sort());
      }),
      { seed: 20_261_126, numRuns: 50 },
    );
  });
});

it("a moment with more events than memory holds is told, not held", () => {
  const events = new EventsOfMoment(2);
  events.add("s", Buffer.from("a"));
  events.add("s", Buffer.from("b"));
  expect(() => events.add("s", Buffer.from("c"))).toThrow(CrowdedMoment);
});

const sealedWithoutItems = { items: new Map(), isSealed: true, isOpen: () => false };

it("a day's end is settled when its next day has a seal, and not while that is open", async () => {
  const at = windowOf(1).from;
  const event = { logGroup: "/a", logStream: "x", timestamp: at, ingestionTime: at - 1, message: "m" };
  const archived = new Account([event], "ingestion-time");
  archived.export("/a", 0);
  await archived.seal(0);
  const settle = async (next: Partial<NextDay>) =>
    (await settleEnds(archived.archive, archived.day(0), { ...sealedWithoutItems, ...next })).file;
  expect(await settle({ isSealed: false })).toBeUndefined();
  expect(await settle({ isOpen: () => true })).toBeUndefined();
  expect(await settle({})).toMatchObject({ events: 1, taskIds: ["task-1"] });
});

const unreadable: [what: string, spoil: (archived: Account, key: string) => void][] = [
  ["is damaged", ({ archive }, key) => archive.written.set(key, Buffer.from("damaged"))],
  [
    "S3 refuses",
    ({ archive }, key) => {
      const stream = archive.stream.bind(archive);
      archive.stream = async (asked) => {
        if (asked === key) throw Object.assign(new Error("Refused"), { name: "AccessDenied" });
        return stream(asked);
      };
    },
  ],
];

it.each(unreadable)("what %s keeps its own log group's ends unsettled, and no other's", async (_, spoil) => {
  const at = windowOf(1).from;
  const event = (logGroup: string): Event => ({
    logGroup,
    logStream: "x",
    timestamp: at,
    ingestionTime: at - 1,
    message: "m",
  });
  const archived = new Account([event("/a"), event("/b")], "ingestion-time");
  for (const logGroup of ["/a", "/b"]) archived.export(logGroup, 0);
  await archived.seal(0);
  const key = archived.day(0).items.get("/a")?.objects[0]?.key ?? "";
  spoil(archived, key);
  const { file, unread } = await settleEnds(archived.archive, archived.day(0), sealedWithoutItems);
  expect([...unread.keys()]).toEqual(["/a"]);
  expect(file?.events).toBe(1);
});

import { mayHave } from "../../handlers/archive/event-files/ends";
import {
  type StandingEvents,
  type StandingItem,
  standingEvents,
} from "../../handlers/archive/event-files/standing-events";
import { addDays } from "../../handlers/archive/expectations";
import type { ArchivedFile, FolderStore } from "../../handlers/archive/folder-store";
import {
  eventsPrefix,
  logGroupHash,
  parseEventFileKey,
  parseReceiptKey,
  receiptsPrefix,
  sealsPrefix,
} from "../../handlers/archive/layout";
import { parseReceipt } from "../../handlers/archive/receipts";
import type { Receipt } from "../../handlers/archive/records";
import { parseSeal, type Seal, type SealedObject } from "../../handlers/archive/seals";
import { UnreadableRecord } from "../../handlers/archive/serialization";
import { standingReceipts } from "../../handlers/archive/standing";
import { type BytesRead, readText } from "./reading";
import { type AccountDay, accountDays, regionOfFolder } from "./receipts";
import { type Selection, selects } from "./selection";

/** An event file, and whose rows of it count. */
export interface EventFileToRead {
  readonly path: string;
  readonly taskIds: readonly string[];
  readonly logGroups: readonly string[];
  /** Every row counts. */
  readonly isWhole: boolean;
}

/** Keys of the objects that may have an event of a receipt's last millisecond, where event files do not say whose that is. */
export type LeftToEvidence = ReadonlySet<string>;

/**
 * What event files hold of the events that are asked for: those of items whose standing receipt is sealed together with event
 * files that are all there. Everything else is read from the evidence, and has the same rows.
 */
export class EventsInFiles {
  readonly files: EventFileToRead[] = [];
  private readonly items = new Map<string, LeftToEvidence>();
  private isLeft = false;

  /** Whether nothing is to be read from the evidence. */
  get areAll(): boolean {
    return !this.isLeft;
  }

  /** What of a receipt is to be read from the evidence all the same; undefined: all of it. */
  leftOf(bucket: FolderStore, { account, day, logGroup }: Receipt): LeftToEvidence | undefined {
    return this.items.get(idOf(bucket, { account, day }, logGroup));
  }

  add(bucket: FolderStore, of: AccountDay, logGroup: string, left: LeftToEvidence): void {
    this.items.set(idOf(bucket, of, logGroup), left);
    if (left.size > 0) this.leave();
  }

  /** Something is to be read from the evidence. */
  leave(): void {
    this.isLeft = true;
  }
}

function idOf({ bucket }: FolderStore, { account, day }: AccountDay, logGroup: string): string {
  return `${bucket} ${account} ${day} ${logGroup}`;
}

/** Finds out from the seals which event files hold what is selected. */
export function findEventFiles(buckets: readonly FolderStore[], selection: Selection, read: BytesRead): EventsInFiles {
  const found = new EventsInFiles();
  for (const bucket of buckets) {
    const region = regionOfFolder(bucket);
    const days = new Map<string, SealedDay>();
    const dayOf = (of: AccountDay) => {
      const id = `${of.account} ${of.day}`;
      const day = days.get(id) ?? new SealedDay(bucket, of, read);
      days.set(id, day);
      return day;
    };
    for (const of of accountDays(bucket, "receipts/", selection)) {
      const day = dayOf(of);
      if (!day.holdsEveryReceipt()) found.leave();
      const wanted = new Set<string>();
      for (const [logGroup, item] of day.heldItems) {
        if (!selects(selection, { region, ...of, log_group: logGroup })) continue;
        const ofEnd = day.objectsAtEnd(item);
        const isSettled = () => {
          const next = dayOf({ account: of.account, day: addDays(of.day, 1) });
          return day.hasSettled(item) && (next.heldItems.has(logGroup) || !next.knows(logGroup));
        };
        const left = ofEnd.size === 0 || isSettled() ? new Set<string>() : ofEnd;
        found.add(bucket, of, logGroup, left);
        for (const taskId of item.taskIds) {
          wanted.add(`events ${taskId}`);
          if (left.size === 0) wanted.add(`ends ${taskId}`);
        }
      }
      for (const file of day.filesOf(wanted)) found.files.push(file);
      days.delete(`${of.account} ${of.day}`);
    }
  }
  return found;
}

/** An account's day: what its seals say of event files, and which of those are there. */
class SealedDay {
  /** Items that event files hold, but for what may be left of their last millisecond; by log group. */
  readonly heldItems: ReadonlyMap<string, StandingItem>;
  private readonly receipts: ReadonlyMap<string, string>;
  private readonly sealed: StandingEvents;
  private readonly named = new Map<string, number>();
  private readonly there = new Map<string, ArchivedFile>();
  /** The last millisecond of the day's window. */
  private readonly to: number | undefined;

  constructor(
    bucket: FolderStore,
    { account, day }: AccountDay,
    private readonly read: BytesRead,
  ) {
    const receipts = standingReceipts(bucket.files(receiptsPrefix(day, account)), ({ key }) => key);
    this.receipts = new Map(receipts.map(({ key }) => [parseReceiptKey(key)?.logGroupHash ?? "", key]));
    const files = bucket.files(eventsPrefix(day, account)).filter(({ path }) => !isPattern(path));
    const seals = this.readSeals(bucket.files(sealsPrefix(day, account)));
    this.sealed = standingEvents(seals);
    const stored = new Map(files.map((file) => [file.key, file]));
    for (const { key, size, taskIds } of seals.flatMap(({ eventFiles }) => eventFiles)) {
      const file = stored.get(key);
      if (file?.size === size) this.there.set(key, file);
      this.named.set(key, taskIds.length);
    }
    this.to = seals.length === 0 ? undefined : this.endOf(receipts);
    this.heldItems = new Map([...this.sealed.items].filter(([logGroup, item]) => this.isHeld(logGroup, item)));
  }

  /** Whether event files hold what every receipt is of. */
  holdsEveryReceipt(): boolean {
    const held = new Set([...this.heldItems.keys()].map(logGroupHash));
    return [...this.receipts.keys()].every((hash) => held.has(hash));
  }

  /** Whether a receipt, or at least a seal, is of the log group. */
  knows(logGroup: string): boolean {
    return this.receipts.has(logGroupHash(logGroup)) || this.sealed.items.has(logGroup);
  }

  /** Keys of the objects that may have an event of the day's last millisecond. */
  objectsAtEnd({ objects }: StandingItem): Set<string> {
    const { to } = this;
    return new Set(objects.filter((object) => to !== undefined && mayHave(object, to)).map(({ key }) => key));
  }

  /** Whether event files say which events of the last millisecond are the day's. */
  hasSettled({ taskIds }: StandingItem): boolean {
    return this.sealed.files.some(
      (file) => isEnds(file.key) && this.there.has(file.key) && [...taskIds].some((taskId) => file.taskIds.has(taskId)),
    );
  }

  /** @param wanted Which tasks of which kind of file. */
  *filesOf(wanted: ReadonlySet<string>): Generator<EventFileToRead> {
    const logGroupOf = new Map<string, string>();
    for (const [logGroup, { taskIds }] of this.heldItems)
      for (const taskId of taskIds) logGroupOf.set(taskId, logGroup);
    for (const file of this.sealed.files) {
      const stored = this.there.get(file.key);
      const kind = isEnds(file.key) ? "ends" : "events";
      const taskIds = [...file.taskIds].filter((taskId) => wanted.has(`${kind} ${taskId}`));
      if (!stored || taskIds.length === 0 || file.events === 0) continue;
      this.read.objects += 1;
      this.read.bytes += stored.size;
      const logGroups = [...new Set(taskIds.map((taskId) => logGroupOf.get(taskId) ?? ""))];
      yield { path: stored.path, taskIds, logGroups, isWhole: taskIds.length === this.named.get(file.key) };
    }
  }

  private isHeld(logGroup: string, { receipt, objects, taskIds }: StandingItem): boolean {
    if (this.to === undefined || receipt !== this.receipts.get(logGroupHash(logGroup))) return false;
    return [...taskIds].every((taskId) => {
      const files = this.sealed.files.filter((file) => !isEnds(file.key) && file.taskIds.has(taskId));
      if (files.length > 0) return files.every(({ key }) => this.there.has(key));
      // Of nothing but its last millisecond there is no file.
      return objects.every((object) => !object.key.includes(`/${taskId}/`) || this.isAtEndAlone(object));
    });
  }

  private isAtEndAlone({ events, firstEvent, lastEvent }: SealedObject): boolean {
    if (events === 0) return true;
    return [firstEvent, lastEvent].every((time) => time !== undefined && Date.parse(time) === this.to);
  }

  /** None if one of them cannot be read: the evidence holds everything, and `verify` says what is damaged. */
  private readSeals(files: readonly ArchivedFile[]): Seal[] {
    try {
      const seals = files.map((file) => parseSeal(file.key, Buffer.from(readText(file, this.read))).seal);
      return seals.sort((a, b) => a.n - b.n);
    } catch (error) {
      if (!(error instanceof UnreadableRecord)) throw error;
      return [];
    }
  }

  private endOf(receipts: readonly ArchivedFile[]): number | undefined {
    for (const file of receipts)
      try {
        return parseReceipt(file.key, readText(file, this.read)).to;
      } catch (error) {
        // The reading of the evidence says that it is damaged.
        if (!(error instanceof UnreadableRecord)) throw error;
      }
    return undefined;
  }
}

function isEnds(key: string): boolean {
  return parseEventFileKey(key)?.kind === "ends";
}

/** DuckDB takes such a path for a pattern of names. */
function isPattern(path: string): boolean {
  return /[*?[{]/.test(path);
}

import { addInnerEnds } from "../archive/event-files/ends";
import type { EventFiles } from "../archive/event-files/event-files";
import type { EventBlock } from "../archive/event-text";
import { parseExportKey } from "../archive/layout";
import type { SealedEventFile, SealedObject } from "../archive/seals";
import { type EventsOfMoment, ownEvents, type SharedMoments } from "../archive/shared-moments";
import type { ArchiveReader } from "../archive/store";
import type { Surveyed } from "./survey";

/** Gives the events of one receipt after the other to a day's event files, while their objects are read. */
export class ItemEvents {
  /** Of the item that is being read: by its tasks. */
  private readonly moments = new Map<string, SharedMoments>();

  /** @param before what counts with the day before of a log group's first millisecond; undefined if nothing does. */
  constructor(
    private readonly archive: ArchiveReader,
    private readonly files: EventFiles,
    private readonly before: (logGroup: string) => Promise<EventsOfMoment | undefined>,
  ) {}

  async take({ receipt }: Surveyed, key: string, block: EventBlock): Promise<void> {
    const of = parseExportKey(key);
    const task = receipt.tasks.find(({ taskId }) => taskId === of?.taskId);
    if (!of || !task) return;
    const { logGroup } = receipt;
    const { taskId, logStream } = of;
    let moments = this.moments.get(taskId);
    if (!moments) {
      const before = task.from === receipt.from ? await this.before(logGroup) : undefined;
      moments = { to: task.to, from: task.from, ...(before && { before }) };
      this.moments.set(taskId, moments);
    }
    await this.files.add({ logGroup, logStream, taskId }, ownEvents(block, logStream, moments));
  }

  /** The item is read to its end. */
  async end({ receipt }: Surveyed, objects: readonly SealedObject[]): Promise<void> {
    if (receipt.tasks.length > 1)
      await addInnerEnds(this.archive, receipt, { objects }, (of, block) => this.files.add(of, block));
    this.files.endItem();
    this.moments.clear();
  }

  /** The item is not to be sealed now. */
  drop(): void {
    this.files.dropItem();
    this.moments.clear();
  }

  /** Goes on with an item of which earlier steps have read a part. */
  resume(files: readonly SealedEventFile[]): void {
    this.files.resumeItem(files);
  }

  /** Writes what was read of the item that is being read, for a later step to go on with. */
  async keep(): Promise<readonly SealedEventFile[]> {
    const kept = await this.files.keepItem();
    this.drop();
    return kept;
  }

  /** All files of the items that were read to their end. */
  finish(): Promise<readonly SealedEventFile[]> {
    return this.files.finish();
  }
}

import type { EventBlock } from "../event-text";
import { sha256Hex } from "../hashing";
import { type EventFileKey, eventFileKey } from "../layout";
import type { SealedEventFile } from "../seals";
import type { ArchiveStore } from "../store";
import { type Compression, compression } from "./compression";
import { type EventFile, type EventSource, HeldEvents } from "./held-events";
import type { FileColumns } from "./parquet";

export interface EventFileOptions {
  /** Bytes of text, and of where events are in it, after which a file is complete. */
  readonly fileBytes?: number;
  /** Bytes of messages after which a row group is complete. */
  readonly rowGroupBytes?: number;
  readonly compression?: Compression;
}

/**
 * Writes the event files of an account's day, item after item, as their objects are read. It holds the text of one file at a
 * time, about 256 MB of it, and makes that file's bytes from it: so much memory it takes, however much the day has.
 *
 * A seal names whole items. So a file that has an item's events has all of them, or events of no other item.
 */
export class EventFiles {
  private complete = new HeldEvents();
  private item = new HeldEvents();
  private readonly files: SealedEventFile[] = [];
  private itemFiles: SealedEventFile[] = [];

  constructor(
    private readonly day: FileColumns,
    private readonly archive: Pick<ArchiveStore, "putOnce">,
    private readonly options: EventFileOptions = {},
  ) {}

  /** Takes events of the item that is being read; it begins with its first. */
  async add(source: EventSource, block: EventBlock): Promise<void> {
    this.item.add(source, block);
    if (this.complete.bytes + this.item.bytes < (this.options.fileBytes ?? 256_000_000)) return;
    if (this.complete.bytes > 0) await this.writeComplete();
    else await this.writeItem();
  }

  /** The item is read to its end. */
  endItem(): void {
    this.files.push(...this.itemFiles);
    this.complete.addAll(this.item);
    this.forgetItem();
  }

  /** The item is not to be sealed: what was written of it no seal names. */
  dropItem(): void {
    this.forgetItem();
  }

  /** Writes what was read of the item that is being read, for a later step to go on with: its files so far. */
  async keepItem(): Promise<readonly SealedEventFile[]> {
    if (this.item.bytes > 0) await this.writeItem();
    return this.itemFiles;
  }

  /** Goes on with an item of which an earlier step has written a part. */
  resumeItem(files: readonly SealedEventFile[]): void {
    this.itemFiles = [...files];
  }

  /** Writes what is left, and tells all files of the items that were read to their end. */
  async finish(): Promise<readonly SealedEventFile[]> {
    if (this.complete.bytes > 0) await this.writeComplete();
    return this.files;
  }

  private forgetItem(): void {
    this.item = new HeldEvents();
    this.itemFiles = [];
  }

  private async writeComplete(): Promise<void> {
    const held = this.complete;
    this.complete = new HeldEvents();
    this.files.push(await this.write(held));
  }

  private async writeItem(): Promise<void> {
    const held = this.item;
    this.item = new HeldEvents();
    this.itemFiles.push(await this.write(held));
  }

  private async write(held: HeldEvents): Promise<SealedEventFile> {
    const { rowGroupBytes, compression: by = compression } = this.options;
    return await writeEventFile(this.archive, this.day, "events", held.toFile(this.day, by, rowGroupBytes));
  }
}

/** Writes a file under the name of its content: who made the same before has written it. */
export async function writeEventFile(
  archive: Pick<ArchiveStore, "putOnce">,
  { day, account }: FileColumns,
  kind: EventFileKey["kind"],
  { body, events, taskIds }: EventFile,
): Promise<SealedEventFile> {
  const sha256 = sha256Hex(body);
  const key = eventFileKey(day, account, kind, sha256);
  await archive.putOnce(key, body, "application/octet-stream");
  return { key, size: body.length, sha256, events, taskIds: [...taskIds] };
}

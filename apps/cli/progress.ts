import type { Writable } from "node:stream";
import type { ArchiveReader } from "../../handlers/archive/store";
import { count } from "../terminal/amounts";
import { isPaging } from "../terminal/pager";
import { printable } from "../terminal/printable";

/** Shorter waits need no explanation. */
const quietMs = 500;
const redrawMs = 100;

type Text = string | (() => string);

/** One line on a terminal that says how far a command is, redrawn in place; nothing anywhere else. */
export class Progress {
  private readonly begun = performance.now();
  private drawn = 0;
  private isDrawn = false;
  /** What is to be drawn as soon as it is time, though nothing else may be told until then. */
  private next: { readonly timer: NodeJS.Timeout; text: Text } | undefined;

  /** @param silent whatever the stream is: where a program reads the answer */
  constructor(
    private readonly out: Writable & { readonly isTTY?: boolean; readonly columns?: number },
    private readonly silent = false,
  ) {}

  /** @param text made only when it is drawn: to count in people's way takes longer than most looks */
  show(text: Text): void {
    if (this.silent || !this.out.isTTY) return;
    const now = performance.now();
    const wait = Math.max(quietMs - (now - this.begun), redrawMs - (now - this.drawn));
    if (wait <= 0) this.draw(text);
    else if (this.next) this.next.text = text;
    else this.next = { timer: setTimeout(() => this.draw(this.next?.text ?? text), wait).unref(), text };
  }

  /** Takes the line away, before something else is written. */
  end(): void {
    this.forgetNext();
    if (this.isDrawn) this.out.write("\r\u001b[K");
    this.isDrawn = false;
  }

  private draw(text: Text): void {
    this.forgetNext();
    if (isPaging()) return;
    this.drawn = performance.now();
    this.isDrawn = true;
    this.out.write(
      `\r\u001b[K${printable(typeof text === "string" ? text : text()).slice(0, (this.out.columns ?? 80) - 1)}`,
    );
  }

  private forgetNext(): void {
    clearTimeout(this.next?.timer);
    this.next = undefined;
  }
}

/** The records of an archive; a person who waits is told how many of them were read. */
export function watched(store: ArchiveReader, progress: Progress): ArchiveReader {
  let records = 0;
  return {
    bucket: store.bucket,
    list: (prefix) => store.list(prefix),
    entries: (prefix) => store.entries(prefix),
    read: (key) => {
      records += 1;
      progress.show(() => `${store.bucket}: ${count(records, "record")} read`);
      return store.read(key);
    },
    stream: (key) => store.stream(key),
  };
}

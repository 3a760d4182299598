import type { Writable } from "node:stream";
import { isPaging } from "../terminal/pager";
import { printable } from "../terminal/printable";

/** Shorter waits need no explanation. */
const quietMs = 500;
const redrawMs = 100;

/** One line on a terminal that says how far a command is, redrawn in place; nothing anywhere else. */
export class Progress {
  private readonly begun = performance.now();
  private drawn = 0;
  private isDrawn = false;

  /** @param silent whatever the stream is: where a program reads the answer */
  constructor(
    private readonly out: Writable & { readonly isTTY?: boolean; readonly columns?: number },
    private readonly silent = false,
  ) {}

  /** @param text made only when it is drawn: to count in people's way takes longer than most looks */
  show(text: string | (() => string)): void {
    const now = performance.now();
    if (this.silent || !this.out.isTTY || now - this.begun < quietMs || now - this.drawn < redrawMs || isPaging())
      return;
    this.drawn = now;
    this.isDrawn = true;
    this.out.write(
      `\r\u001b[K${printable(typeof text === "string" ? text : text()).slice(0, (this.out.columns ?? 80) - 1)}`,
    );
  }

  /** Takes the line away, before something else is written. */
  end(): void {
    if (this.isDrawn) this.out.write("\r\u001b[K");
    this.isDrawn = false;
  }
}

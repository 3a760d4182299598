import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import type { Writable } from "node:stream";
import { widthOf } from "./width";

/** Where a person reads. */
export type Screen = Writable & {
  readonly isTTY?: boolean;
  readonly rows?: number;
  readonly columns?: number;
};

/** A pager that has taken more than a pipe and its stream hold is there, and shows it. */
const heldByPipe = 256 * 1024;
/** A shell that finds no such program, or may not run it. */
const notFound = [126, 127];

let open = 0;

/** Whether a pager has the terminal: it is the pager that Ctrl-C is meant for, and nothing else is written there. */
export function isPaging(): boolean {
  return open > 0;
}

/**
 * Writes an answer for a person as it comes: on a terminal, and where it is longer than that, through the pager of the person's
 * choice, as `git` does. An empty `PAGER` means none. Everywhere else it is written as it is.
 */
export class Pages {
  /** What is not shown yet; of a pager, what it may not have taken. */
  private held = "";
  private lines = 0;
  private pager: Pager | undefined;
  private readonly command: string;

  constructor(
    private readonly screen: Screen,
    private readonly environment: NodeJS.ProcessEnv = process.env,
  ) {
    this.command = screen.isTTY ? (environment.PAGER ?? "less") : "";
  }

  /** Waits where the reader is slower. @returns false once the person has left the pager: nothing more is read. */
  async write(text: string): Promise<boolean> {
    if (this.pager === undefined) {
      if (this.command === "") return this.writePlain(text);
      this.held += text;
      this.lines += linesOf(text, this.screen);
      if (this.lines < (this.screen.rows ?? Number.POSITIVE_INFINITY)) return true;
      this.pager = new Pager(this.command, this.environment);
      return this.feed(this.pager, this.held);
    }
    if (this.pager.exitCode !== undefined && notFound.includes(this.pager.exitCode)) return this.writePlain(text);
    if (this.held.length < heldByPipe) this.held += text;
    return this.feed(this.pager, text);
  }

  /** Waits until the person has left the pager. */
  async end(): Promise<void> {
    if (this.pager === undefined) await this.writePlain(this.held);
    else if (this.pager.exitCode === undefined && notFound.includes(await this.pager.end()))
      await this.writePlain(this.held);
  }

  private async feed(pager: Pager, text: string): Promise<boolean> {
    const exitCode = await pager.write(text);
    return exitCode === undefined || (notFound.includes(exitCode) && this.writePlain(this.held));
  }

  private async writePlain(text: string): Promise<true> {
    if (!this.screen.write(text)) await once(this.screen, "drain");
    return true;
  }
}

/** A running pager. */
class Pager {
  /** Absent while it runs. */
  exitCode: number | undefined;
  private readonly process: ChildProcessByStdio<Writable, null, null>;
  private readonly ended: Promise<number>;

  constructor(command: string, environment: NodeJS.ProcessEnv) {
    // What `less` needs to show colours and to leave what it showed on the screen.
    const env = { ...environment, LESS: environment.LESS ?? "FRX" };
    this.process = spawn(command, { shell: true, env, stdio: ["pipe", "inherit", "inherit"] });
    // The person left before all was there.
    this.process.stdin.on("error", () => {});
    open += 1;
    this.ended = new Promise<number>((resolve) => {
      this.process.once("error", () => resolve(127));
      this.process.once("close", (code) => resolve(code ?? 0));
    }).then((code) => {
      open -= 1;
      this.exitCode = code;
      return code;
    });
  }

  /** @returns its exit code, if it has ended. */
  async write(text: string): Promise<number | undefined> {
    const { stdin } = this.process;
    if (this.exitCode === undefined && !stdin.write(text)) {
      const taken = new Promise<void>((resolve) => stdin.once("drain", resolve));
      await Promise.race([taken, this.ended]);
    }
    return this.exitCode;
  }

  end(): Promise<number> {
    this.process.stdin.end();
    return this.ended;
  }
}

function linesOf(text: string, { columns = 80 }: Screen): number {
  const ends = text.endsWith("\n") ? text.slice(0, -1) : text;
  return ends.split("\n").reduce((sum, line) => sum + Math.max(1, Math.ceil(widthOf(line) / columns)), 0);
}

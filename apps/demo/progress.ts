import logUpdate from "log-update";
import type { Colors } from "../terminal/colours";
import { printable } from "../terminal/printable";

/** Where an account's export loop stands. */
export interface AccountProgress {
  readonly account: string;
  readonly name: string;
  readonly region: string;
  readonly logGroup: string | null;
  readonly done: number;
  readonly total: number;
}

/** Tells a person how the runs go. Times are epoch milliseconds of the simulated clock. */
export interface ProgressView {
  step(text: string): void;
  /** A Region's run is to archive so many accounts. */
  accountsListed(count: number): void;
  accountMoved(progress: AccountProgress, at: number): void;
  accountEnded(progress: AccountProgress, failed: boolean, at: number): void;
  /** Takes the moving part off the screen. */
  finish(): void;
}

/** For a terminal: one line an active account, redrawn in place. */
export class LiveProgress implements ProgressView {
  private readonly active = new Map<string, AccountProgress>();
  private accounts = 0;
  private ended = 0;
  private failed = 0;
  private heading = "";
  private drawnAt = 0;

  constructor(
    private readonly colours: Colors,
    private readonly now: () => number,
  ) {}

  step(text: string): void {
    logUpdate.done();
    this.heading = "";
    process.stdout.write(`${this.colours.dim("›")} ${text}\n`);
  }

  accountsListed(count: number): void {
    this.accounts += count;
  }

  accountMoved(progress: AccountProgress, at: number): void {
    this.active.set(`${progress.account} ${progress.region}`, progress);
    this.draw(at);
  }

  accountEnded(progress: AccountProgress, failed: boolean, at: number): void {
    this.active.delete(`${progress.account} ${progress.region}`);
    this.ended += 1;
    if (failed) this.failed += 1;
    this.draw(at, true);
  }

  finish(): void {
    logUpdate.clear();
    logUpdate.done();
    process.stdout.write(`${this.heading}\n`);
  }

  private draw(at: number, always = false): void {
    const failed = this.failed > 0 ? this.colours.red(`, ${this.failed} failed`) : "";
    this.heading = `${this.colours.dim("›")} ${this.ended} of ${this.accounts} accounts in their Regions${failed}, simulated time ${time(at)}`;
    if (!always && this.now() - this.drawnAt < 80) return;
    this.drawnAt = this.now();
    const rows = (process.stdout.rows ?? 24) - 3;
    const lines = [...this.active.values()].slice(0, rows).map((progress) => this.line(progress));
    logUpdate([this.heading, ...lines].join("\n"));
  }

  private line({ account, name, region, logGroup, done, total }: AccountProgress): string {
    const width = Math.max(40, process.stdout.columns ?? 80);
    const tasks = `${done}/${total}`.padStart(9);
    return `  ${account} ${printable(name).padEnd(20)} ${region.padEnd(14)} ${tasks}  ${logGroup ?? ""}`.slice(
      0,
      width - 1,
    );
  }
}

/** For a pipe or a log file: one plain line whenever an account ends. */
export class PlainProgress implements ProgressView {
  private accounts = 0;
  private ended = 0;

  constructor(private readonly write: (text: string) => void) {}

  step(text: string): void {
    this.write(`${text}\n`);
  }

  accountsListed(count: number): void {
    this.accounts += count;
  }

  accountMoved(): void {}

  accountEnded({ account, name, region, done, total }: AccountProgress, failed: boolean, at: number): void {
    this.ended += 1;
    const outcome = failed ? "ended with failures" : "done";
    const tasks = total > 0 ? `, ${done} of ${total} items` : "";
    this.write(
      `${time(at)} ${account} ${printable(name)} ${region}: ${outcome}${tasks} (${this.ended} of ${this.accounts})\n`,
    );
  }

  finish(): void {}
}

function time(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

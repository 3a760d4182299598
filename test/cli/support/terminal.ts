import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { shellWord } from "../../../apps/terminal/shell-word";

const root = join(__dirname, "..", "..", "..");

/** `org-log-archive` at work in a pseudo-terminal, of 8 lines unless said. */
export class OnTerminal {
  private text = "";
  private readonly child;
  private readonly closed: Promise<number>;

  constructor(args: readonly string[], columns: number, env: Readonly<Record<string, string>> = {}, rows = 8) {
    const tool = [process.execPath, "apps/cli/org-log-archive.js", ...args].map(shellWord).join(" ");
    // `script` of util-linux is on every Debian.
    this.child = spawn("script", ["-qec", `stty columns ${columns} rows ${rows} && exec ${tool}`, "/dev/null"], {
      cwd: root,
      env: { ...process.env, TERM: "xterm", NO_COLOR: "1", ...env },
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.child.stdout.setEncoding("utf8").on("data", (piece: string) => {
      this.text += piece;
    });
    this.closed = once(this.child, "close").then(([code]) => Number(code));
  }

  /** Waits until a text is there, or the command has ended without it. @returns whether it is there */
  async shows(text: string): Promise<boolean> {
    const { stdout } = this.child;
    while (!this.text.includes(text) && !stdout.readableEnded)
      await Promise.race([once(stdout, "data"), once(stdout, "end")]);
    return this.text.includes(text);
  }

  /** What appears there until it has ended, of standard output and error alike. */
  async ended(): Promise<{ readonly code: number; readonly text: string }> {
    const code = await this.closed;
    return { code, text: this.text.replaceAll("\r\n", "\n") };
  }
}

/** Runs `org-log-archive` in a pseudo-terminal of 8 lines. */
export function onTerminal(...ask: ConstructorParameters<typeof OnTerminal>) {
  return new OnTerminal(...ask).ended();
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { shellWord } from "../../../apps/terminal/shell-word";

const root = join(__dirname, "..", "..", "..");

/**
 * Runs `org-log-archive` in a pseudo-terminal of 8 lines.
 * @returns what appears there, of standard output and error alike
 */
export async function onTerminal(
  args: readonly string[],
  columns: number,
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number; readonly text: string }> {
  const tool = [process.execPath, "apps/cli/org-log-archive.js", ...args].map(shellWord).join(" ");
  // `script` of util-linux is on every Debian.
  const child = spawn("script", ["-qec", `stty columns ${columns} rows 8 && exec ${tool}`, "/dev/null"], {
    cwd: root,
    env: { ...process.env, TERM: "xterm", NO_COLOR: "1", ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (piece: string) => {
    text += piece;
  });
  const [code] = await once(child, "close");
  return { code: Number(code), text: text.replaceAll("\r\n", "\n") };
}

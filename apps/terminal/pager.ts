import { spawnSync } from "node:child_process";

/** Where a person reads. */
interface Screen {
  readonly isTTY?: boolean;
  readonly rows?: number;
  readonly columns?: number;
}

/**
 * Shows a text through the pager of the person's choice, as `git` does: on a terminal, and only what is longer than it. An empty
 * `PAGER` means none.
 * @returns false where there is no such terminal, text or pager: then the text is still to be written.
 */
export function page(text: string, screen: Screen, environment: NodeJS.ProcessEnv = process.env): boolean {
  const pager = environment.PAGER ?? "less";
  if (!screen.isTTY || pager === "" || linesOf(text, screen) < (screen.rows ?? Number.POSITIVE_INFINITY)) return false;
  // What `less` needs to show colours and to leave what it showed on the screen.
  const env = { ...environment, LESS: environment.LESS ?? "FRX" };
  const { error, status } = spawnSync(pager, { shell: true, env, input: text, stdio: ["pipe", "inherit", "inherit"] });
  // A shell that finds no such program ends with 127, one that may not run it with 126.
  return error === undefined && status !== 127 && status !== 126;
}

function linesOf(text: string, { columns = 80 }: Screen): number {
  return text.split("\n").reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / columns)), 0);
}

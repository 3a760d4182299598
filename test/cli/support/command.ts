import { execFile } from "node:child_process";
import { join } from "node:path";

const root = join(__dirname, "..", "..", "..");

export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a program from the project's folder, its output in pipes. */
export function run(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return new Promise<Ended>((resolve) => {
    execFile(command, [...args], { cwd: root, env: { ...process.env, ...env } }, (error, out, err) => {
      resolve({ code: typeof error?.code === "number" ? error.code : error ? -1 : 0, out, err });
    });
  });
}

/** Runs `org-log-archive`. */
export function orgLogArchive(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return run(process.execPath, ["apps/cli/org-log-archive.js", ...args], env);
}

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

const root = join(__dirname, "..", "..", "..");
const tool = "apps/cli/org-log-archive.js";

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

/** Starts `org-log-archive`, to be read or left while it is at work. */
export function begin(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const options = { cwd: root, env: { ...process.env, ...env } };
  return spawn(process.execPath, [tool, ...args], { ...options, stdio: ["ignore", "pipe", "pipe"] });
}
export type Started = ReturnType<typeof begin>;

/** Waits for how a command ends. */
export async function ending(child: Started): Promise<Ended> {
  const written = outputOf(child);
  const [code] = await once(child, "close");
  return { code, ...written };
}

/** Presses Ctrl-C as soon as a command has begun to answer. */
export async function interrupt(child: Started): Promise<Ended> {
  const written = outputOf(child);
  await once(child.stdout, "data");
  child.kill("SIGINT");
  const [code] = await once(child, "close");
  return { code, ...written };
}

/** Reads nothing of a command's answer, as `head -0` does. */
export async function leave(child: Started): Promise<Ended> {
  const written = outputOf(child);
  child.stdout.destroy();
  const [code] = await once(child, "close");
  return { code, ...written };
}

function outputOf(child: Started): { out: string; err: string } {
  const written = { out: "", err: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    written.out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    written.err += text;
  });
  return written;
}

/** Runs `org-log-archive`. */
export function orgLogArchive(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return run(process.execPath, [tool, ...args], env);
}

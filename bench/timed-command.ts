import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { shellWord } from "../apps/terminal/shell-word";

/** What a command took: seconds of all its processes, and of a clock on the wall. */
export interface Taken {
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  /** Until it wrote anything; absent if it wrote nothing. */
  readonly firstRowSeconds?: number;
}

/** Runs a command of the shell, whatever its exit code, and asks bash what it took. */
export function take(command: string, environment: Record<string, string> = {}): Promise<Taken> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const child = spawn("bash", ["-c", `TIMEFORMAT='took %U %S %R'; time { ${command}; }`], {
      cwd: join(__dirname, ".."),
      env: { ...process.env, ...environment },
    });
    let firstRow: number | undefined;
    let said = "";
    child.stdout.on("data", () => {
      firstRow ??= (performance.now() - began) / 1000;
    });
    child.stderr.on("data", (text) => {
      said += text;
    });
    child.on("close", () => {
      const [, user, system, wall] = /took ([\d.]+) ([\d.]+) ([\d.]+)\s*$/.exec(said) ?? [];
      if (user === undefined) return reject(new Error(`${command} ended without a time: ${said}`));
      resolve({
        cpuSeconds: Number((Number(user) + Number(system)).toFixed(2)),
        wallSeconds: Number(wall),
        ...(firstRow === undefined ? {} : { firstRowSeconds: Number(firstRow.toFixed(2)) }),
      });
    });
  });
}

/** Writes what the process held at the most when it ends. */
const peakScript = `const { isMainThread } = require("node:worker_threads");
if (isMainThread) process.on("exit", () => require("node:fs").writeFileSync(process.env.PEAK_FILE, String(process.resourceUsage().maxRSS * 1024)));`;

/** Runs this project's tool, whatever its exit code, and has it tell what it held at the most. */
export async function takeTool(
  args: readonly string[],
  environment: Record<string, string> = {},
): Promise<Taken & { readonly peakMegabytes: number }> {
  const folder = mkdtempSync(join(tmpdir(), "org-log-archive-bench-"));
  const [script, peak] = [join(folder, "peak.cjs"), join(folder, "peak")];
  const tool = join(__dirname, "..", "apps", "cli", "org-log-archive.js");
  try {
    writeFileSync(script, peakScript);
    const taken = await take(shell(["node", "--require", script, tool, ...args]), { ...environment, PEAK_FILE: peak });
    return { ...taken, peakMegabytes: Math.round(Number(readFileSync(peak, "utf8")) / 1024 ** 2) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export function shell(words: readonly string[]): string {
  return words.map(shellWord).join(" ");
}

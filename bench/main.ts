import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { archiveCommands } from "./archive-commands";
import { evidence } from "./evidence";
import { exportLoop } from "./export-loop";
import { largeAccount } from "./large-account";
import { limits } from "./limits";
import { operators } from "./operators";
import { questions } from "./questions";
import type { Options, Subject } from "./subject";
import { year } from "./year";

/**
 * `npm run bench`: every subject, or those that are named; `-- questions --megabytes=200` asks a smaller archive, `--accounts=5000`
 * has `operators`, `limits` and `year` look at a larger organisation. What one subject found replaces what `bench/results.json` had
 * of it; the rest stays.
 */

const subjects: readonly Subject[] = [
  archiveCommands,
  evidence,
  exportLoop,
  largeAccount,
  limits,
  operators,
  questions,
  year,
];

async function main(args: readonly string[]): Promise<void> {
  const names = args.filter((arg) => !arg.startsWith("--"));
  const options: Options = Object.fromEntries(
    args.flatMap((arg) => {
      const [, name, value] = /^--(megabytes|accounts)=(\d+)$/.exec(arg) ?? [];
      return name === undefined ? [] : [[name, Number(value)]];
    }),
  );
  const unknown = names.filter((name) => !subjects.some((subject) => subject.name === name));
  if (unknown.length > 0)
    throw new Error(
      `There is no subject ${unknown.join(", ")}. There are: ${subjects.map(({ name }) => name).join(", ")}`,
    );
  const file = join(__dirname, "results.json");
  for (const subject of subjects.filter(({ name }) => names.length === 0 || names.includes(name))) {
    const { results, tables } = await subject.measure(options);
    const known: unknown = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
    writeFileSync(file, `${JSON.stringify({ ...Object(known), ...results }, null, 2)}\n`);
    process.stdout.write(`${tables.join("\n")}\n`);
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});

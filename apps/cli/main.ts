import { Command } from "commander";
import { UnreadableRecord } from "../../handlers/archive/serialization";
import { InvalidQuery } from "../query/archive-database";
import { UnreadableObject } from "../query/reading";
import { printableLines } from "../terminal/printable";
import { coverageCommand } from "./coverage/command";
import { UsageError } from "./options";
import { queryCommand } from "./query/command";
import { verifyCommand } from "./verify/command";

/** `npx org-log-archive`: the operator's and the auditor's tool. */

/** What is wrong with the question or the archive, rather than with the program: the message is all that a person needs. */
const explained = [UsageError, UnreadableRecord, UnreadableObject, InvalidQuery] as const;

async function main(argv: readonly string[]): Promise<void> {
  const program = new Command("org-log-archive")
    .description("Asks an archive of CloudWatch Logs, and shows that it is complete.")
    .allowExcessArguments(false)
    .showHelpAfterError("(--help lists commands and options)");
  queryCommand(program);
  coverageCommand(program, () => Date.now());
  verifyCommand(program);
  await program.parseAsync([...argv], { from: "user" });
}

/** Also what the file system says of a path that was given: it names the path. */
function isExplained(error: Error): boolean {
  return (
    explained.some((kind) => error instanceof kind) ||
    ["ENOENT", "EISDIR", "EACCES", "ENOTDIR"].includes(String(Reflect.get(error, "code")))
  );
}

// `... | head` has read enough.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

process.on("SIGINT", () => process.exit(130));

main(process.argv.slice(2)).catch((error: unknown) => {
  const text =
    error instanceof Error ? (isExplained(error) ? error.message : (error.stack ?? error.message)) : String(error);
  process.stderr.write(`${printableLines(text)}\n`);
  process.exitCode = 1;
});

import { Command, CommanderError } from "commander";
import { coverageCommand } from "./coverage/command";
import { explain } from "./errors";
import { evidenceCommand } from "./evidence/command";
import { exitCodes } from "./exit-codes";
import { queryCommand } from "./query/command";
import { verifyCommand } from "./verify/command";

/** `npx org-log-archive`: the operator's and the auditor's tool. */

// The SDK says with every command which Node.js it will need one day: the README says so once.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

async function main(argv: readonly string[]): Promise<void> {
  const program = new Command("org-log-archive")
    .description("Asks an archive of CloudWatch Logs, and shows that it is complete.")
    .allowExcessArguments(false)
    .showHelpAfterError("(--help lists commands and options)")
    .exitOverride();
  queryCommand(program);
  coverageCommand(program, () => Date.now());
  verifyCommand(program, () => Date.now());
  evidenceCommand(program, () => Date.now());
  for (const command of program.commands) command.exitOverride().allowExcessArguments(false);
  try {
    await program.parseAsync([...argv], { from: "user" });
  } catch (error) {
    // Commander has said already what is wrong with the options, or shown the help that was asked for.
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) process.exitCode = exitCodes.wrongUse;
  }
}

// `... | head` has read enough.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(process.exitCode ?? 0);
  throw error;
});

process.on("SIGINT", () => process.exit(130));

main(process.argv.slice(2)).catch((error: unknown) => {
  const { text, exitCode } = explain(error);
  process.stderr.write(`${text}\n`);
  process.exitCode = exitCode;
});

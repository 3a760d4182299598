import { Command, CommanderError, Help, type Option } from "commander";
import { tool } from "../../handlers/contract/tool";
import type { Given } from "../terminal/next-command";
import { isPaging } from "../terminal/pager";
import { printable } from "../terminal/printable";
import { csvWords } from "./csv-option";
import { exitCodes } from "./exit-codes";
import { stop } from "./interruption";
import { NotWritten } from "./written";

/** `npx org-log-archive`: the operator's and the auditor's tool. */

// The SDK says with every command which Node.js it will need one day: the README says so once.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

/** Each command is loaded when it is asked for: the databases and clients that others need take longer than most of them run. */
const commands: readonly {
  readonly name: string;
  readonly description: string;
  readonly load: () => Promise<(command: Command) => void>;
}[] = [
  {
    name: "query",
    description: "Asks an archive folder: in SQL, by options, or by the name of a question that auditors often have.",
    load: async () => (await import("./query/command")).queryCommand,
  },
  {
    name: "search",
    description: "Looks for words, ids and addresses over all accounts and days, the newest day first.",
    load: async () => (await import("./search/command")).searchCommand,
  },
  {
    name: "coverage",
    description: "Shows account by day whether the archive is complete, and what is missing where and why.",
    load: async () => {
      const { coverageCommand } = await import("./coverage/command");
      return (command) => coverageCommand(command, () => Date.now());
    },
  },
  {
    name: "verify",
    description:
      "Checks that the archive is whole and as it was written: digests, seals, records, and with --deep every byte.",
    load: async () => {
      const { verifyCommand } = await import("./verify/command");
      return (command) => verifyCommand(command, () => Date.now());
    },
  },
  {
    name: "prove",
    description: "Prints one page about one log group: what each day rests on, with hashes, and the verdict.",
    load: async () => {
      const { proveCommand } = await import("./prove/command");
      return (command) => proveCommand(command, () => Date.now());
    },
  },
  {
    name: "evidence",
    description: "Writes a folder for a reviewer: coverage, verification, digests, seals, key, and how to check them.",
    load: async () => {
      const { evidenceCommand } = await import("./evidence/command");
      return (command) => evidenceCommand(command, () => Date.now());
    },
  },
  {
    name: "check",
    description: "Asks AWS whether all that archiving rests on is in place, and says what to do about what is not.",
    load: async () => {
      const { checkCommand } = await import("./check/command");
      const { systemClock } = await import("../../handlers/clock");
      return (command) => checkCommand(command, systemClock);
    },
  },
  {
    name: "plan",
    description:
      "Tells what a run would do: exports, skips, slot hours, who is late, and what it costs. Writes nothing.",
    load: async () => (await import("./plan/command")).planCommand,
  },
  {
    name: "run",
    description: "Starts a run, or the runs of a backfill, and with --follow looks at them until they have ended.",
    load: async () => {
      const { runCommand } = await import("./run/command");
      const { systemClock } = await import("../../handlers/clock");
      return (command) => runCommand(command, systemClock);
    },
  },
  {
    name: "offboard",
    description: "Archives all that an account still holds, and says whether it may be closed.",
    load: async () => {
      const { offboardCommand } = await import("./offboard/command");
      const { systemClock } = await import("../../handlers/clock");
      return (command) => offboardCommand(command, systemClock);
    },
  },
  {
    name: "status",
    description: "Shows how far a run is, what is open the longest, and the newest digest; --follow watches it.",
    load: async () => {
      const { statusCommand } = await import("./status/command");
      const { systemClock } = await import("../../handlers/clock");
      return (command) => statusCommand(command, systemClock.now, systemClock.sleep);
    },
  },
  {
    name: "why",
    description: "Tells what is on record about one log group's day, what stands, why, and what would change it.",
    load: async () => {
      const { whyCommand } = await import("./why/command");
      return (command) => whyCommand(command, () => Date.now());
    },
  },
  {
    name: "public-key",
    description: "Fetches from KMS the public key, with which the archive is verified without AWS.",
    load: async () => (await import("./public-key/command")).publicKeyCommand,
  },
];

/** A text that begins with a comment of SQL is no option: those have no space before a value. */
function asArgument(word: string): string {
  return /^--[^\s=]*\s/.test(word) ? `\n${word}` : word;
}

/** That an option which is not given is off, or empty, goes without saying. */
function describeOption(option: Option): string {
  const { defaultValue, description } = option;
  const isPlain = defaultValue === false || (Array.isArray(defaultValue) && defaultValue.length === 0);
  return isPlain ? description : new Help().optionDescription(option);
}

/** What was given to the command that is run: of an error in the command line itself, nothing. */
let asked: { readonly command: string; readonly given: Given } = { command: "", given: {} };

async function main(argv: readonly string[]): Promise<void> {
  const program = new Command(tool)
    .description("Asks an archive of CloudWatch Logs, and shows that it is complete.")
    .allowExcessArguments(false)
    .showHelpAfterError("(--help lists commands and options)")
    .exitOverride();
  const words = argv.filter((word) => !word.startsWith("-"));
  for (const { name, description, load } of commands) {
    const command = program
      .command(name)
      .description(description)
      .exitOverride()
      .allowExcessArguments(false)
      .configureHelp({ optionDescription: describeOption })
      .hook("preAction", () => {
        asked = { command: name, given: command.opts() };
      });
    if (words[0] === name || (words[0] === "help" && words[1] === name)) (await load())(command);
  }
  try {
    const csv = csvWords(argv, words[0]);
    if ("problem" in csv) program.error(`error: ${printable(csv.problem)}`);
    else await program.parseAsync(csv.words.map(asArgument), { from: "user" });
  } catch (error) {
    // Commander has said already what is wrong with the options, or shown the help that was asked for.
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) process.exitCode = exitCodes.wrongUse;
  }
}

// `... | head` has read enough.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(process.exitCode ?? 0);
  process.stderr.write(`${new NotWritten("Standard output", error).message}\n`);
  process.exit(exitCodes.wrongUse);
});
// Where errors cannot be told the exit code still tells that there was one.
process.stderr.on("error", () => {});

/** 128 and the number of SIGINT, as shells have it. */
const interrupted = 130;
let isInterrupted = false;
process.on("SIGINT", () => {
  // In a pager Ctrl-C is meant for the pager.
  if (isPaging()) return;
  isInterrupted = true;
  if (!stop()) process.exit(interrupted);
});

main(process.argv.slice(2)).catch(async (error: unknown) => {
  if (isInterrupted) process.exit(interrupted);
  const { explain } = await import("./errors");
  const { text, exitCode } = explain(error, { ...asked, environment: process.env });
  // A line of progress may be left there.
  process.stderr.write(`${process.stderr.isTTY ? "\r\u001b[K" : ""}${text}\n`);
  process.exitCode = exitCode;
});

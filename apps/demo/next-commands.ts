import { relative } from "node:path";
import { nextCommand } from "../terminal/next-command";
import { shellWord } from "../terminal/shell-word";
import { isDamage } from "../verify/findings";
import type { DemoResult } from "./result";
import type { DemoVerification } from "./verification";

/** Where the commands look if they are not told. */
const defaultFolder = ".emulator";

/** A log group's day that a person may look at next. */
export interface Subject {
  readonly account: string;
  readonly logGroup: string;
  readonly day: string;
}

/**
 * Commands to try next, with names that are there: after damage about the damage, after faults about a fault and its cure.
 * @param folder `.emulator`, as it is seen from where commands are run
 */
export function nextCommands(
  { subject, faults, verification }: Pick<DemoResult, "subject" | "faults" | "verification">,
  folder: string,
): string[] {
  const command = (words: string) => archiveCommand(words, folder);
  const why = ({ account, logGroup, day }: Subject) => command(`why ${account} ${shellWord(logGroup)} ${day}`);
  const damage = verification?.result.findings.filter(isDamage) ?? [];
  if (damage.length > 0)
    return [
      ...damage.flatMap((finding) => (isSubject(finding) ? [why(finding)] : [])).slice(0, 1),
      ...(verification ? [`${verifyCommand(verification, folder).join(" ")} --json > findings.json`] : []),
      "npm start -- --keep",
    ];
  const failed = faults?.find(({ expected, logGroup }) => expected.outcome === "failed" && logGroup !== undefined);
  if (failed?.logGroup !== undefined)
    return [
      why({ account: failed.account, logGroup: failed.logGroup, day: subject.day }),
      command("coverage --html coverage.html"),
      "npm start -- --keep",
    ];
  const { account, logGroup, day } = subject;
  const of = `--account ${account} --log-group ${shellWord(logGroup)}`;
  return [
    command(`query ${of} --from ${day} --to ${day} --limit 5`),
    command("coverage --html coverage.html"),
    [command(`prove ${of} --from ${day}${verification ? " --deep" : ""}`), ...proofs(verification)].join(" "),
  ];
}

/** Whether a finding names a log group's day. */
function isSubject(finding: Partial<Subject>): finding is Subject {
  return [finding.account, finding.logGroup, finding.day].every((part) => part !== undefined);
}

/** The command that checks all that the runs have left, a piece for each line. */
export function verifyCommand(verification: Pick<DemoVerification, "keyFiles" | "heads">, folder: string): string[] {
  return [archiveCommand("verify --deep", folder), ...proofs(verification)];
}

/** What signatures and completeness are judged by, an option each. */
function proofs(verification: Pick<DemoVerification, "keyFiles" | "heads"> | undefined): string[] {
  const { keyFiles = [], heads = [] } = verification ?? {};
  return [
    ...keyFiles.map((file) => `--public-key ${shellWord(relative(process.cwd(), file))}`),
    ...heads.map((head) => `--head ${head}`),
  ];
}

/** A command about the archive in a folder, as it is seen from where commands are run. */
export function archiveCommand(words: string, folder: string): string {
  return nextCommand(folder === defaultFolder ? {} : { archive: `${folder}/s3` })(words);
}

/** A command on several lines, as a shell takes it: an option and its value stay together, and one with quotes stays whole. */
export function onLines(command: string, width: number): string {
  if (command.includes("'")) return command;
  const lines: string[] = [];
  for (const part of command.split(/ (?=--|>)/)) {
    const joined = lines.length > 0 ? `${lines.at(-1)} ${part}` : part;
    if (lines.length > 0 && joined.length > width) lines.push(part);
    else lines.splice(-1, 1, joined);
  }
  return lines.join(" \\\n    ");
}

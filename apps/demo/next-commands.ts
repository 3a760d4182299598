import { nextCommand } from "../terminal/next-command";
import { shellWord } from "../terminal/shell-word";
import type { DemoResult } from "./result";

/** Where the commands look if they are not told. */
const defaultFolder = ".emulator";

/** A log group's day that a person may look at next. */
export interface Subject {
  readonly account: string;
  readonly logGroup: string;
  readonly day: string;
}

/**
 * Three commands to try next, with names that are there.
 * @param folder `.emulator`, as it is seen from where commands are run
 */
export function nextCommands({ subject, faults }: Pick<DemoResult, "subject" | "faults">, folder: string): string[] {
  const command = (words: string) => archiveCommand(words, folder);
  const failed = faults?.find(({ expected, logGroup }) => expected.outcome === "failed" && logGroup !== undefined);
  if (failed?.logGroup !== undefined)
    return [
      command(`why ${failed.account} ${shellWord(failed.logGroup)} ${subject.day}`),
      command("coverage --html coverage.html"),
      "npm start -- --keep",
    ];
  const { account, logGroup, day } = subject;
  const of = `--account ${account} --log-group ${shellWord(logGroup)}`;
  return [
    command(`query ${of} --from ${day} --to ${day} --limit 5`),
    command("coverage --html coverage.html"),
    command(`prove ${of} --from ${day}`),
  ];
}

/** A command about the archive in a folder, as it is seen from where commands are run. */
export function archiveCommand(words: string, folder: string): string {
  return nextCommand(folder === defaultFolder ? {} : { archive: `${folder}/s3` })(words);
}

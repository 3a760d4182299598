import type { Command } from "commander";
import { tool } from "../../../handlers/contract/tool";
import { coloursFor } from "../../terminal/colours";
import { nextCommand } from "../../terminal/next-command";
import { printable, printableJson } from "../../terminal/printable";
import { archivedAccountIds } from "../account-option";
import { exitCodeOf, exitCodes, exitCodesText } from "../exit-codes";
import { type AskedItem, type ItemRecords, readItem } from "../item/item-records";
import { archivePlace, day, isLive, type LocationOptions, openArchive, withLocationOptions } from "../options";
import { plainWidth, show, write } from "../output";
import { Progress, watched } from "../progress";
import { historyOf } from "./history";
import { type Answer, answerText } from "./text";
import { verdictOf } from "./verdict";

interface WhyOptions extends LocationOptions {
  readonly json: boolean;
}

export function whyCommand(command: Command, now: () => number): void {
  withLocationOptions(command)
    .argument("<account>", "the account's id or name")
    .argument("<log-group>", "the log group's name, in full")
    .argument("<day>", "day of the archive, YYYY-MM-DD", day)
    .optionsGroup("What it prints:")
    .option("--json", "print the history and what stands as JSON", false)
    .addHelpText(
      "after",
      `
Reads plans, outcomes, receipts, coverage, seals and digests, and no log data.
Of several Regions that know the log group, each is shown.

Examples:
  ${tool} why 111122223333 /ecs/ingest 2026-11-20
  ${tool} why 111122223333 /ecs/ingest 2026-11-20 --bucket \\
    org-log-archive-444455556666-eu-central-1
${exitCodesText}`,
    )
    .action(async (given: string, logGroup: string, dayOfItem: string, options: WhyOptions) => {
      const buckets = await openArchive(options);
      const [account = given] = await archivedAccountIds([given], buckets);
      const item: AskedItem = { account, logGroup, day: dayOfItem };
      const answers: Answer[] = [];
      const unreadable: string[] = [];
      const progress = new Progress(process.stderr, options.json);
      for (const bucket of buckets) {
        const records = await readItem(watched(bucket, progress), item);
        unreadable.push(...records.unreadable);
        const accountName = accountNameIn(records, account);
        answers.push({
          region: records.region,
          ...(accountName ? { accountName } : {}),
          ...verdictOf(item, records, { now: now(), isLive: isLive(options), next: nextCommand(options) }),
          history: historyOf(item, records),
        });
      }
      progress.end();
      const shown = relevant(answers);
      if (options.json)
        await write(
          process.stdout,
          `${printableJson({ archive: archivePlace(options), ...item, regions: shown.map(asJson), unreadable })}\n`,
        );
      else {
        const width = process.stdout.columns ?? plainWidth;
        const texts = shown.map((answer) => answerText(item, answer, width, coloursFor(process.stdout)));
        await show(texts.join("\n"));
        for (const message of unreadable) process.stderr.write(`unreadable-record: ${printable(message)}\n`);
      }
      process.exitCode = unreadable.length > 0 ? exitCodes.altered : exitCode(shown);
    });
}

/** What the newest run that saw the account called it. */
function accountNameIn({ lists }: ItemRecords, account: string): string | undefined {
  const named = lists.flatMap(({ accounts }) => accounts.find(({ id }) => id === account) ?? []);
  return named.at(-1)?.name;
}

/** Most log groups are in one Region: the others, which know nothing of this one, have nothing to say. */
function relevant(answers: readonly Answer[]): Answer[] {
  const known = answers.filter(({ standing }) => standing && standing.logGroup !== null);
  if (known.length > 0) return known;
  const covered = answers.filter(({ history }) => history.length > 0);
  return covered.length > 0 ? covered : [...answers];
}

function asJson({ region, accountName, standing, stands, why, change, commands, history }: Answer): object {
  return { region, accountName, standing: standing ?? null, stands, why, change, commands, history };
}

function exitCode(answers: readonly Answer[]): number {
  if (answers.some(({ standing }) => standing === undefined)) return exitCodes.incomplete;
  return exitCodeOf(answers.flatMap(({ standing }) => (standing?.outcome === "failed" ? [standing] : [])));
}

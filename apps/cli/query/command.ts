import { readFileSync } from "node:fs";
import type { Json } from "@duckdb/node-api";
import { type Command, InvalidArgumentError } from "commander";
import type { ArchiveReader } from "../../../handlers/archive/store";
import { tool } from "../../../handlers/contract/tool";
import { type Answer, ArchiveDatabase, type Question } from "../../query/archive-database";
import { toJson } from "../../query/values";
import { nextCommand } from "../../terminal/next-command";
import type { Screen } from "../../terminal/pager";
import { printable } from "../../terminal/printable";
import { table } from "../../terminal/table";
import { accountIds } from "../account-option";
import { type Basis, readBasis } from "../basis/basis";
import { readText, tellBasis } from "../basis/tell";
import { type AskedOptions, openToAsk, withAskedOptions } from "../bucket/open";
import { UsageError } from "../errors";
import { answerExitCodesText } from "../exit-codes";
import { helpText } from "../help-text";
import { stopsBy } from "../interruption";
import { repeated, single } from "../options";
import { csvExcelOption, formatOf, show, writeRows } from "../output";
import { Progress } from "../progress";
import { withAccountNames } from "./account-names";
import { archivedRegions, oneRegion } from "./archived-regions";
import { askedColumns, sqlColumns } from "./columns";
import { hasMoments } from "./event-conditions";
import { daysRead, type Filter, questionOf, rawQuestionOf, selectionOf } from "./filter";
import { inTimeOrder, roomToOrder } from "./in-time-order";
import { parseIpNetwork } from "./ip-network";
import { parseMoment } from "./moment";
import { namedQueries, namedQuery } from "./named-queries";
import { writeRaw } from "./raw";

interface QueryOptions extends Filter, AskedOptions {
  readonly file?: string;
  readonly named?: string;
  readonly list: boolean;
  readonly limit?: number;
  readonly csv: boolean;
  readonly csvExcel?: boolean;
  readonly json: boolean;
  readonly raw: boolean;
  readonly stamped: boolean;
  readonly evidence: boolean;
}

const examples = `
Examples:
  ${tool} query --account 111122223333 --log-group /app/web \\
    --from 2026-11-20T13:00 --to 2026-11-20T14:00
  ${tool} query --grep Denied --from 2026-11-19 --csv > denied.csv
  ${tool} query --account 111122223333 --log-group /app/web \\
    --from 2026-11-20 --to 2026-11-20 --raw > web.log
  ${tool} query "SELECT log_group, count(*) FROM events
    WHERE account = '111122223333' AND day = '2026-11-20' GROUP BY 1"
  ${tool} query --named failed-and-skipped --from 2026-11-01

SQL is DuckDB's, over the views that Athena has, with the same columns: events (ts, region, account, log_group,
log_stream, task_id, day, message), receipts, coverage, coverage_latest, gaps, raw_lines. DESCRIBE events lists a view's.
Each has account_name besides; ip_in(message, '10.0.0.0/8') tells whether a text holds a whole address of a network.
Besides, json_events has message_json (NULL for what is no JSON), and cloudtrail, vpc_flow_logs, lambda_reports and
eks_audit have the columns of their formats. Athena's functions work, and answer as in Athena:
json_extract_scalar, regexp_replace, date_parse, parse_datetime, contains('10.0.0.0/8', address) ... But 7 / 2 is 3.5: 7 // 2 is 3.
ts AT TIME ZONE 'America/New_York' is the local time.
Only the parts of the archive that can matter are read: say account, region, day or log_group in the WHERE of the
SELECT that names the view (=, IN; for day also BETWEEN, <, >), or narrow the question with --account, --region,
--log-group, --from and --to. What was read is said at the end, on standard error.

Events come in the order of time. So do the rows of SQL without ORDER BY that have a column ts, or else day, up to 200,000 rows or 50 MB of
text: more come as they are found, and that is said. --limit takes the first of what comes; LIMIT in SQL any, and reads no further.
Days (--from, --to without a time) are the archive's. With times, events are chosen by their time stamps, and a day before
and after is read; an event may lie with the day on which it was ingested: --late-days 14 finds all that CloudWatch Logs takes.
A log stream's name has "-" where it had "/": the export leaves no more of it. A further line of an event belongs to the
event, unless it begins with a time stamp like an event's own.
In CSV, a text that a spreadsheet would run as a formula has an apostrophe in front; --json has every text as it is. --csv=excel is
what Excel opens without changing it: ids are texts, and what is longer than a cell is cut and says so.
On a terminal too narrow for a table, what all rows have in common is said once and columns that say less give way; where that is
not enough, each row is a record. What SQL asks for is never left out. What is longer than the screen goes through PAGER (empty: none).

On standard error, every answer ends with what it rests on: what the archive does not hold of the days, accounts, Regions and log
groups that are asked about, and why. SQL is about the days with which it compares day or ts. An answer from records (coverage, gaps ...)
has as rows what failed or is gone; it lacks what is on record nowhere. --json has all that as a last line, {"restsOn": ...}.
${answerExitCodesText}`;

export function queryCommand(command: Command): void {
  withAskedOptions(command.optionsGroup("Where to look:"))
    .argument("[sql]", "one SELECT over events, receipts, coverage, coverage_latest, gaps and raw_lines")
    .option("--account <id or name>", "only this account (repeatable)", repeated, [])
    .option("--region <name>", "only this Region (repeatable)", repeated, [])
    .option("--log-group <name>", "only this log group")
    .option("--from <day or time>", "from the beginning of this day, or from this time (UTC)", parseMoment)
    .option("--to <day or time>", "to the end of this day, or up to this time (UTC)", parseMoment)
    .optionsGroup("What to find:")
    .option("--grep <text>", "only events that contain this text, in any case of letters", single)
    .option("--late-days <n>", "with times: how many days later to look for events that were ingested late", days, 1)
    .option("--word <text>", "only events that contain this as a whole word, in any case of letters", single)
    .option(
      "--ip <address or network>",
      "only events that hold this IP address, or one of this network, whole",
      parseIpNetwork,
    )
    .option("--evidence", "read what CloudWatch Logs exported, and no event files: slower, with the same rows", false)
    .option("--file <file>", "ask the SQL that a file holds; - is standard input")
    .option("--named <query>", "ask one of the questions of --list", undefined)
    .option("--list", "list the named questions", false)
    .optionsGroup("How much, and how it is shown:")
    .option("--limit <n>", "stop after this many rows: of events, the first in time", positive)
    .option("--last <n>", "without SQL: only this many events, the newest", positive)
    .option("--csv", "print CSV; --csv=excel: as Excel opens it right, with ids as text", false)
    .addOption(csvExcelOption)
    .option("--json", "print JSON, an object a line", false)
    .option("--raw", "print one log group's events as plain text, as their source wrote them", false)
    .option("--stamped", "with --raw: each with its time in front, as CloudWatch Logs exported it", false)
    .addHelpText("after", helpText(examples))
    .action(async (sql: string | undefined, options: QueryOptions) => {
      if (options.list) await show(`${list(process.stdout.columns)}\n`);
      else await answer(options.file === undefined ? sql : sqlOf(options.file, sql), options, process.stdout);
    });
}

async function answer(sql: string | undefined, given: QueryOptions, out: Screen): Promise<void> {
  const progress = new Progress(process.stderr);
  const { folders, buckets, prepare } = await openToAsk(given, progress);
  const database = await ArchiveDatabase.open(folders, {
    onRead: (read) => progress.show(() => readText(read)),
    eventsFrom: given.evidence ? "evidence" : "event-files",
    ...(prepare ? { prepare } : {}),
  });
  stopsBy(() => database.interrupt());
  try {
    const options = { ...given, account: accountIds(given.account, database.accounts) };
    const question = ask(sql, options);
    if (options.raw) oneRegion(await archivedRegions(database, options), options);
    let isTooMany = false;
    const ordered = inTimeOrder(await database.ask(question), roomToOrder, () => {
      isTooMany = true;
    });
    const asked = withoutProgress(ordered, progress);
    const found = options.named === undefined ? asked : withAccountNames(asked, database.accounts);
    const columns = sql === undefined ? askedColumns(found.columns) : sqlColumns(found.columns);
    const count = options.raw
      ? await writeRaw(found, out, options)
      : await writeRows(columns, rows(found, options.limit), formatOf(options), out);
    const basis = await basisOf(found, options, buckets);
    progress.end();
    if (isTooMany)
      process.stderr.write(
        "These rows are too many to be put in order: they came as they were found. ORDER BY ts sorts any number.\n",
      );
    const subject = options.named ? "" : subjectOf(options);
    if (count === 0 && subject && basis?.receipted === 0)
      process.stderr.write(
        `No receipt is of ${subject}: correct it, or see in \`${nextCommand(options)("coverage")}\` what became of it.\n`,
      );
    process.exitCode = tellBasis(basis, database.read, {
      ...{ json: options.json, of: daysText(options) },
      ...{ columns: process.stderr.columns, next: nextCommand(options) },
    });
  } finally {
    progress.end();
    database.close();
  }
}

function tellsWhatIsMissing({ named }: QueryOptions): boolean {
  return named !== undefined && namedQuery(named).tellsWhatIsMissing;
}

/** What the options name, in words for people. */
function subjectOf({ account, region, logGroup, from, to }: QueryOptions): string {
  const parts = [
    account.length > 0 && `account ${account.join(" or ")}`,
    region.length > 0 && `Region ${region.join(" or ")}`,
    logGroup !== undefined && `log group ${logGroup}`,
  ].filter((part) => part !== false);
  const days = [from && `from ${from.text}`, to && `to ${to.text}`].filter(Boolean).join(" ");
  return parts.length > 0 ? printable([parts.join(", "), days].filter(Boolean).join(" ")) : "";
}

/** @throws {UsageError} when the arguments do not make one question. */
function ask(sql: string | undefined, options: QueryOptions): Question {
  const given = [sql !== undefined && "SQL", options.named && "--named", options.raw && "--raw"].filter(Boolean);
  if (given.length > 1) throw new UsageError(`Give one of ${given.join(" and ")}.`);
  if (options.raw && formatOf(options) !== "table") throw new UsageError("Give one of --csv, --json and --raw.");
  if (options.last !== undefined && options.limit !== undefined)
    throw new UsageError("Give one of --limit and --last.");
  if (options.stamped && !options.raw) throw new UsageError("--stamped goes with --raw.");
  if (options.raw && (options.account.length !== 1 || options.logGroup === undefined))
    throw new UsageError("--raw is about one log group: give one --account and --log-group.");
  if (options.raw) return rawQuestionOf(options);
  if (options.named) return { sql: namedQuery(options.named).sql(options), selection: selectionOfNamed(options) };
  if (sql === undefined) return filtered(options);
  if (options.last !== undefined)
    throw new UsageError("--last does not go with SQL: write ORDER BY ts DESC LIMIT instead.");
  for (const [option, value, instead] of [
    ["--grep", options.grep, "strpos(message, '...') > 0"],
    ["--word", options.word, "strpos(message, '...') > 0"],
    ["--ip", options.ip, "ip_in(message, '...')"],
  ] as const)
    if (value !== undefined) throw new UsageError(`${option} does not go with SQL: write ${instead} instead.`);
  if (hasMoments(options))
    throw new UsageError("With SQL, --from and --to are days; compare ts with times in the SQL.");
  return { sql, selection: selectionOf(options) };
}

/** @throws {UsageError} when there is no such file, or SQL besides. */
function sqlOf(file: string, sql: string | undefined): string {
  if (sql !== undefined) throw new UsageError("Give one of SQL and --file.");
  try {
    return readFileSync(file === "-" ? 0 : file, "utf8");
  } catch (error) {
    throw new UsageError(`${file} cannot be read. --file names a file that holds SQL.`, { cause: error });
  }
}

function filtered(options: QueryOptions): Question {
  const { account, region, logGroup, from, to, grep, word, ip } = options;
  if (account.length + region.length === 0 && !(logGroup ?? from ?? to ?? grep ?? word ?? ip))
    throw new UsageError(
      "Say what to look for: SQL, --named, or some of --account, --region, --log-group, --from, --to, --grep, --word and --ip.",
    );
  return questionOf(options);
}

/** The statement itself says which days it wants; gaps are known from the days around them. */
function selectionOfNamed({ account, region }: QueryOptions) {
  return selectionOf({ account, region, lateDays: 0 });
}

async function* rows({ batches }: Answer, limit = Number.POSITIVE_INFINITY): AsyncGenerator<Json[][]> {
  let left = limit;
  for await (const batch of batches) {
    const wanted = batch.slice(0, left);
    left -= wanted.length;
    yield wanted.map((row) => row.map(toJson));
    if (left <= 0) return;
  }
}

/** The line that says how far a question is makes room for rows. */
function withoutProgress(answer: Answer, progress: Progress): Answer {
  async function* batches() {
    for await (const batch of answer.batches) {
      progress.end();
      yield batch;
    }
    progress.end();
  }
  return { ...answer, batches: batches() };
}

/** What an answer rests on; undefined where it reads nothing of the archive. */
async function basisOf(
  { content, records }: Answer,
  options: QueryOptions,
  buckets: readonly ArchiveReader[],
): Promise<Basis | undefined> {
  if (content.length + records.length === 0) return undefined;
  if (tellsWhatIsMissing(options)) return readBasis(buckets, [...content, ...records], "recorded");
  return content.length > 0 ? readBasis(buckets, content) : readBasis(buckets, records, "recorded");
}

/** The days that were read, where those are others than were asked about. */
function daysText(options: QueryOptions): string {
  const { from, to } = daysRead(options);
  return hasMoments(options) && !options.named ? ` of the days ${from ?? "..."} to ${to ?? "..."}` : "";
}

function list(width: number | undefined): string {
  return table(
    ["--named", "Question", "Options"],
    namedQueries.map(({ id, name, options }) => [id, name, options]),
    width,
  );
}

function positive(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new InvalidArgumentError("It must be a whole number from 1.");
}

function days(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0 && value <= 14) return value;
  throw new InvalidArgumentError("It must be a whole number from 0 to 14.");
}

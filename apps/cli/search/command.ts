import type { Json } from "@duckdb/node-api";
import { type Command, InvalidArgumentError } from "commander";
import { tool } from "../../../handlers/contract/tool";
import { isMistypedNetwork, parseNetwork } from "../../query/addresses";
import { ArchiveDatabase } from "../../query/archive-database";
import { both, daysFromTo, everything } from "../../query/selection";
import { count } from "../../terminal/amounts";
import { coloursFor } from "../../terminal/colours";
import { nextCommand } from "../../terminal/next-command";
import { Pages, type Screen } from "../../terminal/pager";
import { shellWord } from "../../terminal/shell-word";
import { accountIds } from "../account-option";
import { readBasis } from "../basis/basis";
import { spanText } from "../basis/spans";
import { readText, tellBasis } from "../basis/tell";
import { type AskedOptions, openToAsk, withAskedOptions } from "../bucket/open";
import { UsageError } from "../errors";
import { answerExitCodesText } from "../exit-codes";
import { stopsBy } from "../interruption";
import { repeated } from "../options";
import { csvExcelOption, type FormatOptions, formatOf, plainWidth, writeRows } from "../output";
import { Progress } from "../progress";
import { daysRead, selectionOf } from "../query/filter";
import { type Moment, parseMoment } from "../query/moment";
import { archivedDays, chunksOf } from "./chunks";
import { type HitRow, HitSearch, valuesOf } from "./hits";
import { hitColumns, type Search } from "./question";
import { blockText, countsText, hitText, type Page } from "./text";

interface SearchOptions extends FormatOptions, AskedOptions {
  readonly account?: readonly string[];
  readonly region?: readonly string[];
  readonly logGroup?: string;
  readonly from?: Moment;
  readonly to?: Moment;
  readonly whole?: boolean;
  readonly context?: number;
  readonly limit?: number;
}

/** Hits that are shown, where nothing else is said; all are counted. */
const shownHits = 100;

const help = `
Finds the events that hold every word given, in any case of letters: a text, a
request id, a principal. An IP address, or a network such as 10.0.0.0/8, is
compared as one: 198.51.100.19 is not .190. The newest day comes first: a table
of the accounts and log groups with hits, then the newest ${shownHits} hits. --csv and
--json give all as they are found. On standard error stands at the end what the
answer rests on.

Examples:
  ${tool} search AccessDenied --from 2026-11-19 --to 2026-11-20
  ${tool} search 198.51.100.0/24 CreateUser --account prod-data
  ${tool} search i-0abc1234 --context 3
${answerExitCodesText}`;

export function searchCommand(command: Command): void {
  command
    .argument("<word...>", "what events hold, all of it; quote a text of several words")
    .optionsGroup("Where to look:");
  withAskedOptions(command)
    .option("--account <id or name>", "only this account (repeatable)", repeated)
    .option("--region <name>", "only this Region (repeatable)", repeated)
    .option("--log-group <name>", "only this log group")
    .option("--from <day or time>", "first day, or from this time (UTC)", parseMoment)
    .option("--to <day or time>", "last day, or up to this time (UTC)", parseMoment)
    .optionsGroup("What to find and show:")
    .option("--whole", "find words whole, not as parts of longer ones")
    .option("--context <n>", "show so many events around each hit in its stream", whole(0))
    .option("--limit <n>", "show so many hits, the newest", whole(1))
    .option("--csv", "print the hits as CSV; --csv=excel: for Excel")
    .addOption(csvExcelOption)
    .option("--json", "print the hits as JSON, an object a line")
    .addHelpText("after", help)
    .action(async (words: readonly string[], options: SearchOptions) => {
      formatOf(options);
      await answer(words, options, process.stdout);
    });
}

async function answer(
  words: readonly string[],
  options: SearchOptions,
  out: Screen & { hasColors?(): boolean },
): Promise<void> {
  const progress = new Progress(process.stderr);
  let place = () => "";
  const { folders, buckets, prepare } = await openToAsk(options, progress);
  const database = await ArchiveDatabase.open(folders, {
    onRead: (read) => progress.show(() => `${place()}. ${readText(read)}`),
    ...(prepare ? { prepare } : {}),
  });
  stopsBy(() => database.interrupt());
  try {
    const search = searchOf(words, accountIds(options.account ?? [], database.accounts), options);
    // All of it, so that what is too much is said before anything is shown.
    await prepare?.({ events: selectionOf(search) });
    const chunks = chunksOf(archivedDays(folders, daysRead(search)));
    const hits = new HitSearch(database, search, chunks, (days, found) => {
      place = () => `${count(found, "hit")} so far. ${spanText(days)}`;
      progress.show(place);
    });
    if (formatOf(options) !== "table") await writeAsRows(hits, options, out, progress);
    else {
      const width = out.isTTY ? { width: out.columns ?? plainWidth } : {};
      const page = { ...width, colours: coloursFor(out), sought: words };
      await writeAsText(hits, options, page, out, progress);
    }
    const looked = hits.daysLooked();
    const isCutShort = looked !== undefined && !hits.hasLookedEverywhere();
    const about = both(selectionOf(search), isCutShort ? [[daysFromTo(looked.from, undefined)]] : everything);
    const basis = await readBasis(buckets, about);
    progress.end();
    if (isCutShort)
      process.stderr.write(
        `No day before ${looked.from} was looked at: there were as many hits as --limit asks for.\n`,
      );
    process.exitCode = tellBasis(basis, database.read, {
      ...{
        json: options.json ?? false,
        of: "",
        columns: process.stderr.columns,
        next: nextCommand(options),
      },
      fields: { hits: hits.counts(), looked: looked ?? null },
    });
  } finally {
    progress.end();
    database.close();
  }
}

function searchOf(words: readonly string[], account: readonly string[], options: SearchOptions): Search {
  const networks = words.flatMap((text) => {
    const network = parseNetwork(text);
    return network ? [{ text, network }] : [];
  });
  const texts = words.filter((text) => parseNetwork(text) === undefined);
  if (words.some((text) => text.trim() === "")) throw new UsageError("An empty word is in every event. Give a text.");
  const mistyped = texts.find(isMistypedNetwork);
  if (mistyped !== undefined)
    throw new UsageError(
      `${mistyped} looks like an IP address or network, and is none. Correct it. To look for it as a text: ${nextCommand(options)(`query --grep ${shellWord(mistyped)}`)}`,
    );
  const { region = [], logGroup, from, to, whole } = options;
  return {
    ...{ account, region, lateDays: 1, sought: { networks, [whole ? "words" : "texts"]: texts, from, to } },
    ...(logGroup === undefined ? {} : { logGroup }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  };
}

async function writeAsRows(
  hits: HitSearch,
  { context, limit, ...options }: SearchOptions,
  out: Screen,
  progress: Progress,
): Promise<void> {
  const most = limit ?? Number.POSITIVE_INFINITY;
  const columns = context === undefined ? hitColumns : ["block", "hit", ...hitColumns];
  const rows = context === undefined ? hits.hits(most) : hits.blocksOf(context, most);
  await writeRows(
    columns.map((name) => ({ name })),
    asValues(rows, columns, progress),
    formatOf(options),
    out,
  );
}

async function* asValues(
  batches: AsyncIterable<HitRow[]>,
  columns: readonly string[],
  progress: Progress,
): AsyncGenerator<Json[][]> {
  for await (const rows of batches) {
    progress.end();
    yield rows.map((row) => valuesOf(row, columns));
  }
}

/** The counts come first, and so everything is looked through before anything is shown. */
async function writeAsText(
  hits: HitSearch,
  { context, limit = shownHits }: SearchOptions,
  page: Page,
  out: Screen,
  progress: Progress,
): Promise<void> {
  const kept: HitRow[] = [];
  const batches = context === undefined ? hits.hits() : hits.blocksOf(context, limit);
  for await (const rows of batches) kept.push(...(context === undefined ? rows.slice(0, limit - kept.length) : rows));
  progress.end();
  const shown = context === undefined ? kept.length : kept.filter(({ hit }) => hit === true).length;
  const pages = new Pages(out);
  const hitTexts =
    context === undefined
      ? kept.map((row) => hitText(row, page))
      : byBlock(kept).map((block) => blockText(block, page));
  for (const text of [countsText(hits.counts(), shown, page), ...hitTexts]) if (!(await pages.write(text))) break;
  await pages.end();
}

function byBlock(rows: readonly HitRow[]): HitRow[][] {
  const blocks = new Map<Json | undefined, HitRow[]>();
  for (const row of rows) blocks.set(row.block, [...(blocks.get(row.block) ?? []), row]);
  return [...blocks.values()];
}

function whole(least: number) {
  return (text: string) => {
    const value = Number(text);
    if (Number.isSafeInteger(value) && value >= least) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least}.`);
  };
}

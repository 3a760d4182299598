import { type Expectations, readExpectations } from "../../../handlers/archive/expectations";
import { coverageRoot, dayOfFolder, receiptsRoot, regionOfBucket } from "../../../handlers/archive/layout";
import type { Range } from "../../../handlers/archive/range";
import type { CoverageLine } from "../../../handlers/archive/records";
import { standingCoverage } from "../../../handlers/archive/standing-coverage";
import type { ArchiveReader } from "../../../handlers/archive/store";
import { rangeOfSelection, type Selection, selects, wantedValues } from "../../query/selection";
import { type Span, spansOf, unknownSpans } from "./spans";
import { Sums } from "./sums";

/** How often something was for each reason's code. */
export type ReasonCounts = Readonly<Record<string, number>>;

/** Accounts of which the archive does not hold all of a day, though a run or a person can still bring it, or it was altered. */
export interface IncompleteDay {
  readonly day: string;
  readonly accounts: number;
  /** Of so many that have anything on record of the day. */
  readonly of: number;
  /** Log group days, or whole accounts' days. */
  readonly reasons: ReasonCounts;
  /** The account, where it is one. */
  readonly account?: string;
  /** And what of it, where it is one thing. */
  readonly only?: Pick<CoverageLine, "region" | "logGroup" | "reason">;
}

/** Log group days that are gone for good. */
export interface Lost extends Span {
  readonly reason: string;
  readonly logGroupDays: number;
  readonly accounts: readonly string[];
}

/** What an answer rests on: what of all that it is about the archive holds, and what it does not. */
export interface Basis {
  /** The days that are asked about, as far as the question has bounds. */
  readonly asked: Partial<Span>;
  /** The first and the last day of which anything is on record; absent: there is none. */
  readonly archive?: Span;
  /** Those that are asked about and that runs archive: how many accounts, and which Regions. */
  readonly accounts: number;
  readonly regions: readonly string[];
  /** Log group days that receipts commit. */
  readonly receipted: number;
  readonly incomplete: readonly IncompleteDay[];
  readonly lost: readonly Lost[];
  /** No run has covered these days; in some Regions, where those are named. */
  readonly notCovered: readonly (Span & { readonly regions?: readonly string[] })[];
  /** Accounts that are asked about, and that no run has seen. */
  readonly unknownAccounts: readonly string[];
  /** Left out on purpose. */
  readonly leftOut: ReasonCounts;
  /** Damaged records, by which more may have been expected. */
  readonly unreadable: readonly string[];
  /** Of the accounts that are named above; empty where no run knows it. */
  readonly names: ReadonlyMap<string, string>;
}

interface ReadRegion {
  readonly bucket: ArchiveReader;
  readonly region: string;
  readonly expectations: Expectations;
  /** Those that are on record, or that runs covered or missed. */
  readonly days: readonly string[];
}

/**
 * @param selection the parts of the archive that the question can want.
 * @param asked the days that the person asked about, where the selection has others besides.
 */
export async function readBasis(
  buckets: readonly ArchiveReader[],
  selection: Selection,
  asked: Partial<Span> = rangeOfSelection(selection),
): Promise<Basis> {
  const { accounts } = rangeOfSelection(selection);
  const range: Range = { ...daysOf(asked), ...(accounts ? { accounts } : {}) };
  const sums = new Sums();
  const read: ReadRegion[] = [];
  for (const bucket of buckets) {
    const region = regionOfBucket(bucket.bucket) ?? bucket.bucket;
    if (!selects(selection, { region })) continue;
    const expectations = await readExpectations(bucket, range, "unrecorded", ({ message }) =>
      sums.unreadable.add(message),
    );
    const days = [...new Set([...(await recordedDays(bucket)), ...expectations.days()])].sort();
    read.push({ bucket, expectations, region, days });
  }
  const isAbout = linesAbout(selection);
  for await (const lines of byDay(
    read.map(({ bucket, expectations }) => standingCoverage(bucket, range, expectations)),
  ))
    sums.add(lines.filter(isAbout));
  const known = [...new Set(read.flatMap(({ days }) => days))].sort();
  const [first, last] = [known[0], known.at(-1)];
  const nameOf = (account: string) =>
    read.map(({ expectations }) => expectations.names.of(account)).find((name) => name !== undefined);
  const isSeen = (account: string) => nameOf(account) !== undefined || sums.hasSeen(account);
  const unknownAccounts = (accounts ?? []).filter((account) => !isSeen(account));
  const named = sums.named();
  return {
    asked: daysOf(asked),
    ...(first === undefined || last === undefined ? {} : { archive: { from: first, to: last } }),
    ...sums.result(),
    notCovered: notCovered(read, selection, asked),
    unknownAccounts,
    names: new Map(named.map((account) => [account, nameOf(account) ?? ""])),
  };
}

/** Whether the archive holds all that a question is about, as far as can be known. */
export function isComplete({ incomplete, lost, notCovered, unknownAccounts, unreadable }: Basis): boolean {
  return [incomplete, lost, notCovered, unknownAccounts, unreadable].every(({ length }) => length === 0);
}

/** What failed, for the exit code: one of each reason. */
export function failuresOf({ incomplete }: Basis): { readonly reason: string }[] {
  return [...new Set(incomplete.flatMap(({ reasons }) => Object.keys(reasons)))].map((reason) => ({ reason }));
}

/** A line of a whole account is about each of its log groups if it failed or was skipped; that it has none is about no group. */
function linesAbout(selection: Selection): (line: CoverageLine) => boolean {
  const isOfLogGroups = wantedValues(selection, "log_group") !== undefined;
  return ({ region, account, day, logGroup, outcome }) =>
    selects(selection, { region, account, day, ...(logGroup === null ? {} : { log_group: logGroup }) }) &&
    !(isOfLogGroups && logGroup === null && outcome === "empty");
}

function daysOf({ from, to }: Partial<Span>): Partial<Span> {
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

/** The days of which a bucket has any record. */
async function recordedDays(bucket: ArchiveReader): Promise<string[]> {
  const recorded = await Promise.all([coverageRoot, receiptsRoot].map((root) => bucket.entries(root)));
  return recorded.flatMap(({ folders }) => folders.flatMap((folder) => dayOfFolder(folder) ?? []));
}

/** The days that no run of a Region has covered, each span with its Regions where those are not all. */
function notCovered(read: readonly ReadRegion[], selection: Selection, asked: Partial<Span>): Basis["notCovered"] {
  const regionsOf = new Map<string, { readonly span: Span; readonly regions: string[] }>();
  const chosen = wantedValues(selection, "day")?.sort();
  for (const { region, days } of read) {
    const spans = chosen ? spansOf(chosen.filter((day) => !days.includes(day))) : unknownSpans(days, asked);
    for (const span of spans) {
      const known = regionsOf.get(`${span.from} ${span.to}`);
      if (known) known.regions.push(region);
      else regionsOf.set(`${span.from} ${span.to}`, { span, regions: [region] });
    }
  }
  return [...regionsOf.values()]
    .map(({ span, regions }) => (regions.length === read.length ? span : { ...span, regions }))
    .sort((a, b) => (a.from < b.from ? -1 : 1));
}

/** The lines of several Regions a day at a time, oldest first: what is summed up by account needs all of its Regions. */
async function* byDay(regions: readonly AsyncGenerator<CoverageLine[]>[]): AsyncGenerator<readonly CoverageLine[]> {
  const next = async (lines: AsyncGenerator<CoverageLine[]>) => {
    for (;;) {
      const { value, done } = await lines.next();
      if (done) return undefined;
      const [first] = value;
      if (first) return { day: first.day, value };
    }
  };
  const heads = await Promise.all(regions.map(next));
  for (;;) {
    const [day] = heads.flatMap((head) => head?.day ?? []).sort();
    if (day === undefined) return;
    let lines: readonly CoverageLine[] = [];
    for (const [index, region] of regions.entries()) {
      const head = heads[index];
      if (head?.day !== day) continue;
      lines = lines.concat(head.value);
      heads[index] = await next(region);
    }
    yield lines;
  }
}

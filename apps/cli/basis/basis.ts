import { type Expectations, readExpectations } from "../../../handlers/archive/expectations";
import { coverageRoot, dayOfFolder, receiptsRoot, regionOfBucket } from "../../../handlers/archive/layout";
import type { Range } from "../../../handlers/archive/range";
import type { CoverageLine } from "../../../handlers/archive/records";
import { standingCoverage } from "../../../handlers/archive/standing-coverage";
import type { ArchiveReader } from "../../../handlers/archive/store";
import { type Selection, selects, wantedValues } from "../../query/selection";
import { byDays, hullOf, spansAsked } from "./asked";
import { type Span, unknownSpans } from "./spans";
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

/**
 * What an answer is made of. Of one from what is archived, everything that is not archived is a lack; of one from the records, what
 * they say of failures and losses is the answer, and what is on record nowhere, or not true, is a lack.
 */
export type Subject = "archived" | "recorded";

/** The parts of an archive that a question names; absent: any. */
export interface Named {
  readonly accounts?: readonly string[];
  readonly regions?: readonly string[];
  readonly logGroups?: readonly string[];
}

/** What an answer rests on: what of all that it is about the archive holds, and what it does not. */
export interface Basis {
  readonly subject: Subject;
  readonly named: Named;
  /** The days that are asked about, as far as the question has bounds. */
  readonly asked: Partial<Span>;
  /** The first and the last day of which anything is on record; absent: there is none. */
  readonly archive?: Span;
  /** Whether there is any record of what is asked about. */
  readonly isOnRecord: boolean;
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
  /** Regions and log groups that are asked about, and of which nothing is on record. */
  readonly unknownRegions: readonly string[];
  readonly unknownLogGroups: readonly string[];
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

/** @param wanted the parts of the archive that the question is about. */
export async function readBasis(
  buckets: readonly ArchiveReader[],
  wanted: Selection,
  subject: Subject = "archived",
): Promise<Basis> {
  const selection = byDays(wanted);
  const spans = spansAsked(selection);
  const asked = hullOf(spans);
  const named = namedBy(selection);
  const { accounts } = named;
  const range: Range = { ...asked, ...(accounts ? { accounts } : {}) };
  const sums = new Sums(subject);
  const read: ReadRegion[] = [];
  for (const bucket of buckets) {
    const region = regionOfBucket(bucket.bucket);
    // A copy of a bucket may have any name: then its records say of which Region they are.
    if (region !== undefined && !selects(selection, { region })) continue;
    const expectations = await readExpectations(bucket, range, "unrecorded", ({ message }) =>
      sums.unreadable.add(message),
    );
    const days = [...new Set([...(await recordedDays(bucket)), ...expectations.days()])].sort();
    read.push({ bucket, expectations, region: region ?? bucket.bucket, days });
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
  const hasRegion = (region: string) => read.some((one) => one.region === region) || sums.regions.has(region);
  return {
    ...{ subject, named, asked },
    ...(first === undefined || last === undefined ? {} : { archive: { from: first, to: last } }),
    ...sums.result(),
    notCovered: notCovered(read, spans),
    unknownAccounts: (accounts ?? []).filter((account) => !isSeen(account)),
    unknownRegions: (named.regions ?? []).filter((region) => !hasRegion(region)),
    unknownLogGroups: (named.logGroups ?? []).filter((logGroup) => !sums.logGroups.has(logGroup)),
    names: new Map(sums.named().map((account) => [account, nameOf(account) ?? ""])),
  };
}

/** Whether the archive holds all that a question is about, as far as can be known. */
export function isComplete(basis: Basis): boolean {
  const { incomplete, lost, notCovered, unknownAccounts, unknownRegions, unknownLogGroups, unreadable } = basis;
  const lacks = [incomplete, lost, notCovered, unknownAccounts, unknownRegions, unknownLogGroups, unreadable];
  return basis.isOnRecord && lacks.every(({ length }) => length === 0);
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

function namedBy(selection: Selection): Named {
  const [accounts, regions, logGroups] = (["account", "region", "log_group"] as const).map((column) =>
    wantedValues(selection, column),
  );
  return { ...(accounts ? { accounts } : {}), ...(regions ? { regions } : {}), ...(logGroups ? { logGroups } : {}) };
}

/** The days of which a bucket has any record. */
async function recordedDays(bucket: ArchiveReader): Promise<string[]> {
  const recorded = await Promise.all([coverageRoot, receiptsRoot].map((root) => bucket.entries(root)));
  return recorded.flatMap(({ folders }) => folders.flatMap((folder) => dayOfFolder(folder) ?? []));
}

/** The days that no run of a Region has covered, each span with its Regions where those are not all. */
function notCovered(read: readonly ReadRegion[], asked: readonly Partial<Span>[]): Basis["notCovered"] {
  const regionsOf = new Map<string, { readonly span: Span; readonly regions: string[] }>();
  for (const { region, days } of read) {
    for (const span of asked.flatMap((one) => unknownSpans(days, one))) {
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

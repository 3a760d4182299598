import { daysBetween } from "../../../handlers/archive/expectations";
import type { CoverageLine } from "../../../handlers/archive/records";
import type { ArchiveReader } from "../../../handlers/archive/store";
import { AccountReading, type AskedItem, type CoveringRun, type ItemRecords } from "../item/item-records";
import type { Kept } from "../item/run-records";
import { accountInRun, planned } from "../why/history";
import type { Moment } from "../why/next-run";
import { verdictOf } from "../why/verdict";

/** An object of the archive, and its hash as it was read. */
export interface ProvenObject {
  readonly key: string;
  readonly sha256: string;
}

/** What a log group's day rests on. */
export interface DayProof {
  readonly day: string;
  /** What stands: the log group's own line, or that of its account; absent where the account had no such log group. */
  readonly standing?: CoverageLine;
  /** In a few words. */
  readonly stands: string;
  /** What each run that covered the day was to do. */
  readonly expected: readonly { readonly runId: string; readonly startedAt: string; readonly what: string }[];
  readonly receipts: readonly (ProvenObject & { readonly objects: number; readonly bytes: number })[];
  /** Coverage that speaks of it. */
  readonly coverage: readonly ProvenObject[];
  /** With the events and objects of the log group that they bind. */
  readonly seals: readonly (ProvenObject & { readonly objects: number; readonly events: number })[];
  /** Those that name the seals or the coverage. */
  readonly digests: readonly (ProvenObject & { readonly sequence: number; readonly isSigned: boolean })[];
}

/** What a Region's archive holds of a log group. */
export interface RegionProof {
  readonly region: string;
  readonly days: readonly DayProof[];
  /** Whether any record speaks of the log group itself. */
  readonly isKnown: boolean;
  /** Log groups that runs have listed in the account. */
  readonly logGroups: ReadonlySet<string>;
  readonly unreadable: readonly string[];
}

/** Gathers what each day of a log group rests on. @param from, to `YYYY-MM-DD`, both included */
export async function proofOf(
  bucket: ArchiveReader,
  { account, logGroup }: Pick<AskedItem, "account" | "logGroup">,
  from: string,
  to: string,
  moment: Moment,
  read: (done: number, total: number) => void,
): Promise<RegionProof> {
  const reading = new AccountReading(bucket, account);
  const days: DayProof[] = [];
  const logGroups = new Set<string>();
  let last: ItemRecords | undefined;
  let isKnown = false;
  const asked = daysBetween(from, to);
  for (const day of asked) {
    last = await reading.read({ logGroup, day });
    for (const name of last.logGroups) logGroups.add(name);
    isKnown ||= last.receipts.length > 0 || last.standing !== undefined;
    days.push(dayProof({ account, logGroup, day }, last, moment));
    read(days.length, asked.length);
  }
  return { region: last?.region ?? bucket.bucket, days, isKnown, logGroups, unreadable: last?.unreadable ?? [] };
}

function dayProof(item: AskedItem, records: ItemRecords, moment: Moment): DayProof {
  const { standing, stands } = verdictOf(item, records, moment);
  return {
    day: item.day,
    ...(standing ? { standing } : {}),
    stands,
    expected: records.runs.map((run) => expectation(item, run)),
    receipts: records.receipts.map(({ key, sha256, record: { objects, bytes } }) => ({ key, sha256, objects, bytes })),
    coverage: once(records.coverage),
    seals: records.seals.map(({ key, sha256, record }) => {
      const objects = record.items.filter(({ logGroup }) => logGroup === item.logGroup).flatMap((one) => one.objects);
      return { key, sha256, objects: objects.length, events: objects.reduce((sum, { events }) => sum + events, 0) };
    }),
    digests: records.digests.map(({ key, sha256, record: { sequence }, isSigned }) => ({
      ...{ key, sha256, sequence, isSigned },
    })),
  };
}

function expectation(item: AskedItem, run: CoveringRun) {
  const { runId, startedAt } = run.list.record;
  return { runId, startedAt, what: run.plan ? planned(item, run.plan.record) : accountInRun(item, run) };
}

/** A coverage object may hold several lines about it. */
function once(lines: readonly Kept<CoverageLine>[]): ProvenObject[] {
  return [...new Map(lines.map(({ key, sha256 }) => [key, { key, sha256 }])).values()];
}

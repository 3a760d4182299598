import type { Clock } from "../clock";
import { type ReasonCode, reason } from "../contract/reasons";
import { describeLogGroup, type Item } from "./items";
import { coverageKey, coveragePrefix, parseCoverageKey } from "./layout";
import { CoverageLine, type Plan, type PlannedLogGroup, type Receipt } from "./records";
import { isPartlyExpired } from "./retention";
import { parseLines, toLines, UnreadableRecord } from "./serialization";
import { StandingLines } from "./standing";
import { type ArchiveReader, type ArchiveStore, putNext, readText } from "./store";

/** What a receipt says, as a line of coverage. Without the log group as planning saw it, what retention took is not known. */
export function coverageOf(
  receipt: Receipt,
  group: PlannedLogGroup | undefined,
  written: Pick<CoverageLine, "runId" | "at">,
): CoverageLine {
  const { account, region, logGroup, day, objects, bytes, tasks } = receipt;
  const partly = group && tasks.some((task) => isPartlyExpired(task, group, Date.parse(task.createdAt)));
  const remark = tasks.some(({ adopted }) => adopted)
    ? "adopted"
    : partly
      ? "partly-expired"
      : objects === 0
        ? "no-objects"
        : undefined;
  return {
    account,
    region,
    logGroup,
    day,
    outcome: objects > 0 ? "exported" : "empty",
    ...(remark ? { reason: reason(remark) } : {}),
    taskIds: tasks.map(({ taskId }) => taskId),
    objects,
    bytes,
    ...(group ? describeLogGroup(group) : {}),
    ...written,
  };
}

/** What every line that a run writes has: the run's id, and when. */
export function lineOf({ runId }: Pick<Plan, "runId">, clock: Clock): Pick<CoverageLine, "runId" | "at"> {
  return { runId, at: new Date(clock.now()).toISOString() };
}

/** A coverage line for an item that ends without a receipt. */
export function settledLine(
  plan: Plan,
  item: Item,
  outcome: CoverageLine["outcome"],
  code: ReasonCode,
  clock: Clock,
  detail?: string,
): CoverageLine {
  return {
    account: plan.account,
    region: plan.region,
    logGroup: item.group.name,
    day: item.day.day,
    outcome,
    reason: reason(code, detail),
    ...describeLogGroup(item.group),
    ...lineOf(plan, clock),
  };
}

/** Writes what a run found out about an account's day; no lines, no object. */
export async function putCoverage(store: ArchiveStore, runId: string, lines: readonly CoverageLine[]): Promise<void> {
  const [first] = lines;
  if (!first) return;
  const { day, account } = first;
  await putNext(store, (n) => coverageKey(day, account, runId, n), toLines(lines), "application/x-ndjson");
}

/** The standing line of every log group of an account's day, and of the whole account under `null`. */
export async function latestLines(store: ArchiveReader, day: string, account: string): Promise<StandingLines> {
  const standing = new StandingLines();
  for await (const { key } of store.list(coveragePrefix(day, account)))
    for (const line of parseCoverage(key, (await readText(store, key)) ?? "")) standing.add(line);
  return standing;
}

/**
 * The lines of a coverage object.
 * @throws {UnreadableRecord} also when a line is about another account or day than its key says.
 */
export function parseCoverage(key: string, text: string): CoverageLine[] {
  const lines = parseLines(CoverageLine, key, text);
  const place = parseCoverageKey(key);
  for (const { account, day } of lines)
    if (!place || account !== place.account || day !== place.day)
      throw new UnreadableRecord(`${key} holds a line about account ${account} on ${day}`);
  return lines;
}

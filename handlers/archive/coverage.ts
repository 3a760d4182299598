import type { Clock } from "../clock";
import { type ReasonCode, reason } from "../contract/reasons";
import { describeLogGroup, type Item } from "./items";
import { CoverageLine, type Plan, type Receipt } from "./records";
import { isPartlyExpired } from "./retention";
import type { Archive } from "./s3-store";
import { parseLines } from "./serialization";

/** What a receipt says, as a line of coverage. */
export function coverageOf(receipt: Receipt, item: Item, runId: string, clock: Clock): CoverageLine {
  const { account, region, logGroup, day, objects, bytes } = receipt;
  const partly = receipt.tasks.some((task) => isPartlyExpired(task, item.group, Date.parse(task.createdAt)));
  return {
    account,
    region,
    logGroup,
    day,
    outcome: objects > 0 ? "exported" : "empty",
    ...(partly ? { reason: reason("partly-expired") } : objects > 0 ? {} : { reason: reason("no-objects") }),
    taskIds: receipt.tasks.map(({ taskId }) => taskId),
    objects,
    bytes,
    ...describeLogGroup(item.group),
    runId,
    at: new Date(clock.now()).toISOString(),
  };
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
    runId: plan.runId,
    at: new Date(clock.now()).toISOString(),
  };
}

/** The standing line of every log group, and of the whole account under `null`: the one with the latest `at`. */
export async function latestLines(archive: Archive, prefix: string): Promise<Map<string | null, CoverageLine>> {
  const latest = new Map<string | null, CoverageLine>();
  for await (const { key } of archive.list(prefix)) {
    for (const line of parseLines(CoverageLine, key, (await archive.get(key)) ?? "")) {
      const standing = latest.get(line.logGroup);
      if (!standing || standing.at <= line.at) latest.set(line.logGroup, line);
    }
  }
  return latest;
}

import { regionOfBucket, taskPrefix } from "../../handlers/archive/layout";
import type { Receipt } from "../../handlers/archive/records";

/** What a receipt says that cannot be so, in words. What it counts is compared with the objects elsewhere. */
export function contradictions(receipt: Receipt, bucket: string): string[] {
  const { account, day, region, tasks, objects, bytes } = receipt;
  const found: string[] = [];
  const ofBucket = regionOfBucket(bucket);
  if (ofBucket !== undefined && region !== ofBucket) found.push(`Region ${region}, in a bucket of ${ofBucket}`);
  for (const { taskId, prefix } of tasks)
    if (prefix !== taskPrefix(account, day, taskId)) found.push(`export task ${taskId} with the prefix ${prefix}`);
  const ids = tasks.map(({ taskId }) => taskId);
  if (new Set(ids).size < ids.length) found.push(`an export task twice: ${ids.join(", ")}`);
  if (objects !== sum(tasks.map((task) => task.objects)))
    found.push(`${objects} objects, which are not its export tasks'`);
  if (bytes !== sum(tasks.map((task) => task.bytes))) found.push(`${bytes} bytes, which are not its export tasks'`);
  if (!tiles(receipt)) found.push("export tasks whose windows leave a gap, overlap, or end elsewhere than its own");
  return found;
}

function tiles({ from, to, tasks }: Receipt): boolean {
  const windows = [...tasks].sort((a, b) => a.from - b.from);
  const ends = [from, ...windows.map((window) => window.to)];
  return windows.every((window, index) => window.from === ends[index]) && ends.at(-1) === to;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

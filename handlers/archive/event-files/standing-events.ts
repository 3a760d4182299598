import { parseEventFileKey, parseExportKey } from "../layout";
import type { Seal, SealedEventFile, SealedItem, SealedObject } from "../seals";
import { standingReceipts } from "../standing";

/** An item as it stands in the seals of its day. */
export interface StandingItem extends Pick<SealedItem, "receipt" | "objects"> {
  /** The number of the seal that binds it. */
  readonly n: number;
  /** Of the export tasks that wrote objects. */
  readonly taskIds: ReadonlySet<string>;
  /** Those, and the tasks of the receipts that it replaced. */
  readonly everyTaskId: ReadonlySet<string>;
}

/** An event file of which events count, and of which tasks: those of others in it do not. */
export interface StandingEventFile extends Omit<SealedEventFile, "taskIds"> {
  readonly taskIds: ReadonlySet<string>;
}

export interface StandingEvents {
  /** By log group. */
  readonly items: ReadonlyMap<string, StandingItem>;
  readonly files: readonly StandingEventFile[];
  /** Every file that says what of its last millisecond is the day's, also of tasks that stand no more. */
  readonly ends: readonly SealedEventFile[];
}

/**
 * Which events of an account's day count, in the order of its seals: those of the tasks of the receipt that stands, in files
 * that are named by the seal that binds it, or by a later one. The view `events` says the same in SQL.
 * @param keeps Which objects are of interest; all, if absent.
 */
export function standingEvents(
  seals: Iterable<Pick<Seal, "n" | "items" | "eventFiles">>,
  keeps: (object: SealedObject) => boolean = () => true,
): StandingEvents {
  const sealed: (Omit<StandingItem, "everyTaskId"> & { readonly logGroup: string })[] = [];
  const everyTaskId = new Map<string, Set<string>>();
  const named = new Map<string, { readonly file: SealedEventFile; readonly n: number }>();
  for (const { n, items, eventFiles } of seals) {
    for (const { logGroup, receipt, objects } of items) {
      const taskIds = tasksOf(objects);
      everyTaskId.set(logGroup, new Set([...(everyTaskId.get(logGroup) ?? []), ...taskIds]));
      sealed.push({ logGroup, receipt, n, taskIds, objects: objects.filter(keeps) });
    }
    for (const file of eventFiles) named.set(file.key, { file, n });
  }
  const items = new Map<string, StandingItem>();
  for (const { logGroup, ...item } of standingReceipts(sealed, ({ receipt }) => receipt))
    items.set(logGroup, { ...item, everyTaskId: everyTaskId.get(logGroup) ?? item.taskIds });
  const sealOf = new Map<string, number>();
  for (const { taskIds, n } of items.values()) for (const taskId of taskIds) sealOf.set(taskId, n);
  const settled = new Set<string>();
  const files = [...named.values()].map(({ file, n }): StandingEventFile => {
    const isEnds = parseEventFileKey(file.key)?.kind === "ends";
    // Two runs that overlap may both settle an end: the first counts.
    const counts = (taskId: string) =>
      n >= (sealOf.get(taskId) ?? Number.POSITIVE_INFINITY) && !(isEnds && settled.has(taskId));
    const taskIds = new Set(file.taskIds.filter(counts));
    if (isEnds) for (const taskId of taskIds) settled.add(taskId);
    return { ...file, taskIds };
  });
  return {
    items,
    files: files.filter(({ taskIds }) => taskIds.size > 0),
    ends: [...named.values()].map(({ file }) => file).filter(({ key }) => parseEventFileKey(key)?.kind === "ends"),
  };
}

function tasksOf(objects: readonly SealedObject[]): Set<string> {
  const taskIds = new Set<string>();
  for (const { key } of objects) {
    const taskId = parseExportKey(key)?.taskId;
    if (taskId !== undefined) taskIds.add(taskId);
  }
  return taskIds;
}

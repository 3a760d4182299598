import { itemCount, itemsOf, settledLines } from "../../../handlers/archive/items";
import { parseReceiptKey } from "../../../handlers/archive/layout";
import type { CoverageLine, Plan, PlannedLogGroup } from "../../../handlers/archive/records";
import { reasonCode } from "../../../handlers/contract/reasons";
import type { AskedItem, CoveringRun, ItemRecords, NamingDigest } from "../item/item-records";
import type { Kept } from "../item/run-records";

/** Something that is on record about an item. */
export interface Entry {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly kind: "run" | "plan" | "task" | "outcome" | "receipt" | "coverage" | "report" | "seal" | "digest";
  /** What it says, for a person. */
  readonly text: string;
  /** The object of the archive that has it. */
  readonly key: string;
}

/** What is on record about an item, in the order of time. */
export function historyOf(item: AskedItem, records: ItemRecords): Entry[] {
  const entries = [
    ...records.runs.flatMap((run) => ofRun(item, run)),
    ...ofReceipts(records),
    ...records.coverage.map((line) => ofLine("coverage", line)),
    ...ofSeals(item, records),
    ...records.digests.map(ofDigest),
  ];
  // At one moment, what comes first in the flow comes first here: the order in which they were collected.
  return entries.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

/** What a run was to do with an item's account. */
export function accountInRun({ account }: AskedItem, { list, plan }: CoveringRun): string {
  const listed = list.record.accounts.find(({ id }) => id === account);
  if (!listed)
    return list.record.onlyAccounts
      ? "it was for other accounts, and not for this one"
      : "the account was not in the organisation";
  if (listed.skipped) return `the account was left out: ${listed.skipped}`;
  return `the account was to be archived${plan ? "" : ", and no plan of it is on record"}`;
}

function ofRun(item: AskedItem, run: CoveringRun): Entry[] {
  const { list, plan, report, outcomes } = run;
  const { runId, startedAt } = list.record;
  const account = accountInRun(item, run);
  return [
    { at: startedAt, kind: "run", text: `run ${runId} began: ${account}`, key: list.key },
    ...(plan ? [{ at: plan.record.at, kind: "plan" as const, text: planned(item, plan.record), key: plan.key }] : []),
    ...outcomes.map((line) => ofLine("outcome", line)),
    ...(report
      ? [
          {
            at: report.record.finishedAt,
            kind: "report" as const,
            text: `run ${runId} ended ${report.record.status}${report.record.error ? `: ${report.record.error}` : ""}`,
            key: report.key,
          },
        ]
      : []),
  ];
}

/** What a plan made of the item. */
export function planned({ logGroup, day }: AskedItem, plan: Plan): string {
  const group = plan.logGroups.find(({ name }) => name === logGroup);
  const settled = [...settledLines(plan, day)].find((line) => line.logGroup === (group ? logGroup : null));
  if (settled) return `${settled.outcome} without an export: ${settled.reason}${group ? describe(group) : ""}`;
  if (!group) return `the account has ${plan.logGroups.length} log groups, and this is none of them`;
  const item = [...itemsOf(plan)].find((one) => one.group === group && one.day.day === day);
  if (!item) return `nothing to do: an earlier run had settled it${describe(group)}`;
  const begun = plan.begun.flatMap(([index, taskId]) => (index === item.index ? [taskId] : []));
  const adopted = begun.length > 0 ? `; an earlier run had begun ${begun.join(", ")}` : "";
  return `to be exported, as ${item.index + 1} of ${itemCount(plan)} in the account${describe(group)}${adopted}`;
}

function describe({ logClass, retentionInDays, createdAt, masked }: PlannedLogGroup): string {
  const kept = retentionInDays === undefined ? "kept for ever" : `kept for ${retentionInDays} days`;
  const made = createdAt > 0 ? `, created ${new Date(createdAt).toISOString().slice(0, 10)}` : "";
  return ` (${logClass}, ${kept}${made}${masked ? ", masked" : ""})`;
}

function ofLine(kind: "outcome" | "coverage", { key, record }: Kept<CoverageLine>): Entry {
  const { at, runId, logGroup, outcome, reason, taskIds, openTaskIds, objects, bytes } = record;
  const isReached = reasonCode(reason ?? "") === "account-reached";
  const what = isReached ? "can be read again" : `${outcome}${reason ? `, ${reason}` : ""}`;
  const parts = [
    `${logGroup === null ? "the whole account: " : ""}${what}`,
    ...(objects === undefined ? [] : [`${amount(objects, "object")}, ${amount(bytes ?? 0, "byte")}`]),
    ...(taskIds ? [`tasks ${taskIds.join(", ")}`] : []),
    ...(openTaskIds ? [`begun and not committed: ${openTaskIds.join(", ")}`] : []),
  ];
  return { at, kind, text: `${parts.join("; ")} (run ${runId})`, key };
}

function ofReceipts({ receipts }: ItemRecords): Entry[] {
  const tasks = new Map<string, Entry[]>();
  for (const { key, record } of receipts)
    for (const { taskId, taskName, createdAt, completedAt, adopted } of record.tasks) {
      const created = `created ${taskId}, ${taskName}${adopted ? " (known by its name alone)" : ""}`;
      tasks.set(taskId, [
        { at: createdAt, kind: "task", text: created, key },
        { at: completedAt, kind: "task", text: `completed ${taskId}`, key },
      ]);
    }
  const committed = receipts.map(({ key, record: { at, runId, objects, bytes, tasks: of } }): Entry => {
    const what = `receipt ${parseReceiptKey(key)?.n} of ${amount(of.length, "task")}`;
    const text = `${what}: ${amount(objects, "object")}, ${amount(bytes, "byte")} (run ${runId})`;
    return { at, kind: "receipt", text, key };
  });
  return [...[...tasks.values()].flat(), ...committed];
}

function ofSeals({ logGroup }: AskedItem, { seals, coverage }: ItemRecords): Entry[] {
  const lines = new Set(coverage.map(({ key }) => key));
  return seals.map(({ key, record }): Entry => {
    const items = record.items.filter((item) => item.logGroup === logGroup);
    const bound = [
      ...items.map(({ receipt, objects }) => {
        const events = objects.reduce((sum, object) => sum + object.events, 0);
        return `receipt ${parseReceiptKey(receipt)?.n} with ${amount(events, "event")} in ${amount(objects.length, "object")}`;
      }),
      ...(record.coverage.some((one) => lines.has(one.key)) ? ["its coverage"] : []),
    ];
    return { at: record.at, kind: "seal", text: `seal ${record.n} binds ${bound.join(" and ")}`, key };
  });
}

function ofDigest({ key, record, isSigned, names }: NamingDigest): Entry {
  const has = (root: string) => names.some((name) => name.startsWith(root));
  const what = [...(has("seals/") ? ["the seal"] : []), ...(has("coverage/") ? ["the coverage"] : [])].join(" and ");
  const text = `digest ${record.sequence}, ${isSigned ? "signed" : "not signed yet"}, binds ${what} (run ${record.runId})`;
  return { at: record.endedAt, kind: "digest", text, key };
}

function amount(count: number, thing: string): string {
  return `${count.toLocaleString("en")} ${thing}${count === 1 ? "" : "s"}`;
}

import pMap from "p-map";
import type { CoveragePorts } from "../archive/account-coverage";
import { lineOf } from "../archive/coverage";
import { parseRunKey, sealingsPrefix } from "../archive/layout";
import { type AccountList, type AccountSummary, type CoverageLine, SealingSummary } from "../archive/records";
import { parseRecord, UnreadableRecord } from "../archive/serialization";
import { readText } from "../archive/store";
import { noCounts, SummaryOfAccount } from "../archive/summary";
import { reason } from "../contract/reasons";

/** Objects read at a time. */
const concurrency = 32;

/**
 * Adds to the accounts' summaries what could not be sealed, as failures: archived without evidence is not done. So is an account
 * whose execution ended before it was sealed.
 */
export async function addSealing(
  summaries: Map<string, AccountSummary>,
  list: AccountList,
  ports: CoveragePorts,
): Promise<void> {
  const sealings = await readSealings(list.runId, ports);
  const former = list.backlog?.accounts ?? [];
  const archived = list.accounts.filter(({ skipped }) => !skipped).map(({ id }) => id);
  for (const account of new Set([...archived, ...former])) {
    const summary = summaries.get(account) ?? new SummaryOfAccount(account, list.runId).at(ports.clock.now());
    const sealing = sealings.get(account) ?? notReached(summary, list, archived.includes(account), ports);
    if (sealing.counts.failed > 0)
      summaries.set(account, {
        ...summary,
        counts: { ...summary.counts, failed: summary.counts.failed + sealing.counts.failed },
        causes: [...summary.causes, ...sealing.causes],
      });
  }
}

type NotSealed = Pick<AccountSummary, "counts" | "causes">;

/** By account, of several summaries the last. */
async function readSealings(runId: string, { archive }: CoveragePorts): Promise<Map<string, NotSealed>> {
  const { keys } = await archive.entries(sealingsPrefix(runId));
  const summaries = keys.filter((key) => parseRunKey(key)?.kind === "sealing");
  const read = async (key: string): Promise<SealingSummary | undefined> => {
    const text = await readText(archive, key);
    try {
      return parseRecord(SealingSummary, key, text);
    } catch (error) {
      // As if it were not there: the account counts as not sealed.
      if (error instanceof UnreadableRecord) return undefined;
      throw error;
    }
  };
  const latest = new Map<string, SealingSummary>();
  for (const summary of await pMap(summaries, read, { concurrency })) {
    const standing = summary && latest.get(summary.account);
    if (summary && (!standing || standing.at <= summary.at)) latest.set(summary.account, summary);
  }
  return new Map(
    [...latest.values()].map(({ account, notSealed, causes }) => [
      account,
      { counts: { ...noCounts, failed: notSealed }, causes },
    ]),
  );
}

/** An execution that died before it sealed says so once: where it left failures, known ones included, these do. */
function notReached(
  { account, counts }: AccountSummary,
  list: AccountList,
  isArchived: boolean,
  ports: CoveragePorts,
): NotSealed {
  if (counts.failed + counts.known > 0) return { counts: noCounts, causes: [] };
  const summary = new SummaryOfAccount(account, list.runId);
  const days = isArchived ? list.days.map(({ day }) => day) : (list.backlog?.days ?? []);
  for (const day of days) {
    const line: CoverageLine = {
      account,
      region: ports.region,
      logGroup: null,
      day,
      outcome: "failed",
      reason: reason("not-sealed", "the account's execution ended before it was sealed: the next run goes on"),
      ...lineOf(list, ports.clock),
    };
    summary.add(line);
  }
  return summary.at(ports.clock.now());
}

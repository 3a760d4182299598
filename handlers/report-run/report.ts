import { KnownExceptions } from "../archive/known-exceptions";
import { reportKey } from "../archive/layout";
import type { AccountList, AccountSummary, Notice, Report } from "../archive/records";
import { addCounts, noCounts } from "../archive/summary";
import type { ReportRunInput, ReportRunOutput } from "../contract/messages";
import { isForNextRun, reasonCode, reasons } from "../contract/reasons";
import type { KnownException } from "../contract/settings";

type ReportedCause = Report["causes"][number];

/** Enough to start looking; the coverage has them all. */
const examplesPerCause = 10;

const order = { failed: 0, known: 1, exported: 2, skipped: 3, empty: 4 } as const;

/**
 * Puts the accounts' summaries together.
 * `error` is what went wrong with the run itself, whatever the accounts say.
 */
export function makeReport(
  list: AccountList,
  region: string,
  summaries: ReadonlyMap<string, AccountSummary>,
  { error, settings }: Pick<ReportRunInput, "error" | "settings">,
  now: number,
): Report {
  const accounts = list.accounts.map(({ id, name, state, skipped }) => ({
    id,
    name,
    state,
    ...(skipped ? { skipped } : {}),
    counts: summaries.get(id)?.counts ?? noCounts,
    bytes: summaries.get(id)?.bytes ?? 0,
  }));
  // Those of accounts that are not listed any more are in none of its accounts.
  const counts = [...summaries.values()].map((summary) => summary.counts).reduce(addCounts, noCounts);
  return {
    version: 1,
    runId: list.runId,
    region,
    startedAt: list.startedAt,
    finishedAt: new Date(now).toISOString(),
    days: list.days.map(({ day }) => day),
    backfill: list.backfill?.days ?? [],
    lastChanceDays: list.lastChanceDays,
    ...(error ? { error: [error.Error, error.Cause].filter(Boolean).join(": ") } : {}),
    status: error === null && counts.failed === 0 ? "complete" : "incomplete",
    counts,
    settledBefore: [...summaries.values()].reduce((total, summary) => total + summary.settledBefore, 0),
    bytes: accounts.reduce((total, account) => total + account.bytes, 0),
    accounts,
    causes: mergeCauses([...summaries.values()], list),
    notices: [
      ...list.notices,
      ...unmatchedLogGroups([...summaries.values()]),
      ...uselessExceptions(settings.knownExceptions, list, [...summaries.values()]),
    ],
  };
}

/** A setting that selects log groups may well match none of an account: said is what matches none of all accounts. */
function unmatchedLogGroups(summaries: readonly AccountSummary[]): Notice[] {
  const planned = summaries.flatMap(({ unmatched }) => (unmatched ? [unmatched] : []));
  const accounts = new Map<string, number>();
  for (const { setting } of planned.flat()) accounts.set(setting, (accounts.get(setting) ?? 0) + 1);
  const where = planned.length === 1 ? "the one account" : `the ${planned.length} accounts`;
  return (planned[0] ?? [])
    .filter(({ setting }) => accounts.get(setting) === planned.length)
    .map((unmatched) => ({ ...unmatched, message: `It matches no log group of ${where} that this run could list.` }));
}

/** Known exceptions that are over, and those that nothing failed by. */
function uselessExceptions(
  exceptions: readonly KnownException[],
  list: AccountList,
  summaries: readonly AccountSummary[],
): Notice[] {
  const known = new KnownExceptions(exceptions, list);
  const used = new Set(summaries.flatMap(({ knownBy }) => knownBy));
  return exceptions.flatMap((exception, index) => {
    const { account, logGroup, until } = exception;
    const message = known.isOver(exception)
      ? `It ended on ${until}: what still fails turns runs red again. Remove it, or set a later day.`
      : "Nothing that failed in this run is known by it. Remove it, or correct its account or log group.";
    const value = [account, logGroup].filter((part) => part !== undefined).join(" ");
    return used.has(index) ? [] : [{ setting: `knownExceptions[${index}]`, value, message }];
  });
}

function mergeCauses(
  summaries: readonly AccountSummary[],
  { lastChanceDays, backfill }: Pick<AccountList, "lastChanceDays" | "backfill">,
): ReportedCause[] {
  // What a run has no time for of a backfill, a later one goes on with.
  const isGoneOnWith = (reason: string, day: string) => isForNextRun(reason) && (backfill?.days.includes(day) ?? false);
  const merged = new Map<string, ReportedCause>();
  for (const { account, causes } of summaries) {
    for (const { outcome, reason, count, days, examples } of causes) {
      const id = `${outcome} ${reason}`;
      const cause = merged.get(id) ?? {
        outcome,
        reason,
        advice: adviceFor(reason),
        count: 0,
        lastChance: 0,
        days: {},
        accounts: [],
        examples: [],
      };
      cause.count += count;
      for (const [day, items] of Object.entries(days)) {
        cause.days[day] = (cause.days[day] ?? 0) + items;
        if (outcome === "failed" && lastChanceDays.includes(day) && !isGoneOnWith(reason, day))
          cause.lastChance += items;
      }
      cause.accounts.push(account);
      const room = examplesPerCause - cause.examples.length;
      cause.examples.push(...examples.slice(0, Math.max(0, room)).map((example) => ({ account, ...example })));
      merged.set(id, cause);
    }
  }
  return [...merged.values()].sort((a, b) => order[a.outcome] - order[b.outcome] || b.count - a.count);
}

function adviceFor(reason: string): string {
  const code = reasonCode(reason);
  return code ? reasons[code] : "";
}

/** What the state machine gets of a report. */
export function reportOutput(report: Report): ReportRunOutput {
  return {
    status: report.status,
    summary: summarySentence(report),
    report: reportKey(report.runId),
    accounts: report.accounts.length,
    ...report.counts,
  };
}

/** The report in a sentence. */
export function summarySentence(report: Report): string {
  const archived = report.accounts.filter(({ skipped }) => !skipped);
  const failing = archived.filter(({ counts }) => counts.failed > 0);
  const { exported, empty, failed, known } = report.counts;
  const before = report.settledBefore > 0 ? `, ${report.settledBefore} settled by earlier runs` : "";
  const whole = `${archived.length - failing.length} of ${archived.length} accounts complete in ${report.region}, ${exported} log group days exported, ${empty} empty${before}`;
  const excepted = known > 0 ? `, ${known} failed as known` : "";
  const broken = report.error ? `; the run itself went wrong: ${report.error}` : "";
  if (failed === 0) return `${whole}${excepted}${broken}`;
  const worst = report.causes
    .filter(({ outcome }) => outcome === "failed")
    .map(({ reason, count }) => `${reason} ${count}`);
  const lastChance = report.causes.reduce((total, cause) => total + cause.lastChance, 0);
  const last = lastChance > 0 ? `; for ${lastChance} of them this was the last scheduled run` : "";
  return `${whole}, ${failed} failed (${worst.join(", ")})${last}${excepted}${broken}`;
}

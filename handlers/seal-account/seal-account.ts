import { addDays } from "../archive/expectations";
import { sealingSummaryKey } from "../archive/layout";
import type { SealingSummary } from "../archive/records";
import { putNext } from "../archive/store";
import { SummaryOfAccount } from "../archive/summary";
import type { SealAccountInput, SealProgress } from "../contract/messages";
import { sealDay } from "./seal-day";
import { Sealing, type SealingPorts } from "./sealing";
import { settleDay } from "./settle-day";

/**
 * Seals what of an account is receipted and not sealed: the days of the run, the oldest first, then those of the backlog. Works
 * for as long as its function has time, and says how to go on. What is sealed the seals themselves say: what a death leaves is
 * found again.
 */
export async function sealAccount(input: SealAccountInput, ports: SealingPorts): Promise<SealProgress> {
  const sealing = new Sealing(input, ports);
  const days = [...input.run.days.map(({ day }) => day).sort(), ...input.run.backlog];
  for (let day = days[sealing.cursor.day]; day !== undefined; day = days[sealing.cursor.day]) {
    if (sealing.isOver()) return finish(sealing, day);
    const isDone = (await sealDay(sealing, day)) && (await settleBeside(sealing, day, days));
    if (isDone) sealing.move({ day: sealing.cursor.day + 1, after: null, partial: null });
    else if (!sealing.isOver()) return handBack(sealing, day);
  }
  return finish(sealing);
}

/** What a day shares with the day before and, unless that comes next, with the day after. */
async function settleBeside(sealing: Sealing, day: string, days: readonly string[]): Promise<boolean> {
  const isNext = days[sealing.cursor.day + 1] === addDays(day, 1);
  return (await settleDay(sealing, addDays(day, -1))) && (isNext || (await settleDay(sealing, day)));
}

async function handBack(sealing: Sealing, day: string): Promise<SealProgress> {
  const { archive, cursor, notSealed, requestId } = sealing;
  await notSealed.write(archive, cursor.step, requestId);
  return {
    status: "more",
    day,
    objects: cursor.objects,
    notSealed: notSealed.all().length,
    cursor: { ...cursor, step: cursor.step + 1 },
  };
}

/** @param unreached the first day that the run had no time for. */
async function finish(sealing: Sealing, unreached?: string): Promise<SealProgress> {
  const { account, runId, archive, cursor, notSealed, requestId } = sealing;
  if (unreached !== undefined)
    sealing.note(unreached, null, "the run's time was over before it was sealed: the next run goes on");
  await notSealed.write(archive, cursor.step, requestId);
  if (cursor.step > 0) await notSealed.readSteps(archive);
  const causes = new SummaryOfAccount(account, runId);
  for (const line of notSealed.all()) causes.add(line);
  const summary: SealingSummary = {
    version: 1,
    account,
    runId,
    seals: cursor.seals,
    objects: cursor.objects,
    bytes: cursor.bytes,
    notSealed: notSealed.all().length,
    causes: causes.at(Date.parse(sealing.now())).causes,
    complete: unreached === undefined,
    at: sealing.now(),
  };
  await putNext(archive, (n) => sealingSummaryKey(runId, account, n), JSON.stringify(summary), "application/json");
  return { status: "finished", day: null, objects: cursor.objects, notSealed: summary.notSealed, cursor };
}

import { mostDaysOfRun, type RunRequest } from "../../../handlers/contract/messages";
import { logStorage } from "../../deploy/cost";

/**
 * The runs that a request takes: of its days, the oldest go first, because they expire first, and no run covers more than
 * it can plan. Without days it is one run, of yesterday and the look-back.
 */
export function piecesOf(request: RunRequest): RunRequest[] {
  const { days } = request;
  if (!days) return [request];
  const sorted = [...new Set(days)].sort();
  const count = Math.ceil(sorted.length / mostDaysOfRun);
  return Array.from({ length: count }, (_, index) => ({
    ...request,
    days: sorted.slice(index * mostDaysOfRun, (index + 1) * mostDaysOfRun),
  }));
}

/**
 * After so many days without being read, Intelligent Tiering of CloudWatch Logs keeps log data for so much less. An export reads
 * it, which brings it back to the beginning.
 */
const tiers = [
  { afterDays: 30, saves: 0.4 },
  { afterDays: 90, saves: 0.8 },
] as const;

/** Whether days are old enough for Intelligent Tiering to have moved what they hold. @param now epoch milliseconds */
export function mayBeTiered(days: readonly string[], now: number): boolean {
  return days.some((day) => now - Date.parse(day) > tiers[0].afterDays * 86_400_000);
}

/** What reading a GB costs at the most until Intelligent Tiering has moved it as far again, in US dollars. */
export function tieringUsdPerGigabyte(): number {
  const [first, last] = tiers;
  const monthsInFirst = (last.afterDays - first.afterDays) / 30;
  const months = first.afterDays / 30;
  return logStorage.usd * (months * last.saves + monthsInFirst * (last.saves - first.saves));
}

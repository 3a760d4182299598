import { exportLagMs } from "../../../../handlers/calendar/days";
import type { DescribedLogGroup, StreamTimes } from "../../../../handlers/clients/logs";

/** An event of which a log stream tells when it happened. Epoch milliseconds. */
export interface KnownEvent {
  readonly at: number;
  /** When the stream's last events came, of which it is one in all likelihood; absent where that is not known. */
  readonly ingestedAt?: number;
}

export interface KnownEvents {
  /** Exportable by now, and within the log group's retention. */
  readonly kept?: KnownEvent;
  /** Past its retention, since as short a time as there is one. */
  readonly expired?: KnownEvent;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** An event is still on the same side of its retention when it is exported a moment later. */
const marginMs = hourMs;

/** The events that tell the most of how CloudWatch Logs exports. @param now epoch milliseconds */
export function knownEvents(
  streams: readonly StreamTimes[],
  { createdAt, retentionInDays }: DescribedLogGroup,
  now: number,
): KnownEvents {
  const keptSince = retentionInDays === undefined ? Number.NEGATIVE_INFINITY : now - retentionInDays * dayMs;
  const all = streams
    .flatMap(eventsOf)
    // An export's window must not end before the log group was created.
    .filter(({ at, ingestedAt = at }) => at > createdAt && Math.max(at, ingestedAt) <= now - exportLagMs)
    .sort((a, b) => b.at - a.at);
  const kept = all.filter(({ at }) => at >= keptSince + marginMs);
  const best = kept.find(tellsTimesApart) ?? kept.find(({ ingestedAt }) => ingestedAt !== undefined) ?? kept[0];
  const past = all.filter(({ at }) => at < keptSince - marginMs);
  const expired = past.find(({ ingestedAt }) => ingestedAt !== undefined) ?? past[0];
  return { ...(best ? { kept: best } : {}), ...(expired ? { expired } : {}) };
}

/** Whether windows of a millisecond at an event hold it by its own time, and not by that of its ingestion. */
export function tellsTimesApart({ at, ingestedAt }: KnownEvent): boolean {
  return ingestedAt !== undefined && Math.abs(ingestedAt - at) > 1;
}

function eventsOf({ firstEvent, lastEvent, lastIngestion }: StreamTimes): KnownEvent[] {
  return [
    ...(lastEvent === undefined
      ? []
      : [{ at: lastEvent, ...(lastIngestion === undefined ? {} : { ingestedAt: lastIngestion }) }]),
    ...(firstEvent === undefined || firstEvent === lastEvent ? [] : [{ at: firstEvent }]),
  ];
}

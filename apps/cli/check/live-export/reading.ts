import { type KnownEvent, tellsTimesApart } from "./known-events";
import type { CompletedExport, Purpose } from "./live-check";

/** By which of an event's times CloudWatch Logs takes it for one of a window. */
export type Reading = "event-time" | "ingestion-time";

/** Whether an export holds the event that it was about; undefined where there was no such export. */
export function held(exports: readonly CompletedExport[], purpose: Purpose): boolean | undefined {
  return exports.find((one) => one.purpose === purpose)?.hasEvent;
}

/** Undefined where the exports do not tell. */
export function readingOf(event: KnownEvent | undefined, exports: readonly CompletedExport[]): Reading | undefined {
  if (!event) return undefined;
  const has = (...purposes: Purpose[]) => purposes.some((purpose) => held(exports, purpose));
  if (has("begins-at-ingestion", "ends-at-ingestion")) return "ingestion-time";
  if (!has("begins-at-event", "ends-at-event")) return undefined;
  // Windows that meet at an event share one millisecond: by the time of its ingestion it would be in one, unless that is the same.
  const isInBoth = held(exports, "begins-at-event") && held(exports, "ends-at-event");
  return tellsTimesApart(event) || (isInBoth && event.ingestedAt !== event.at) ? "event-time" : undefined;
}

/** Whether an event at either end of a window is in it; undefined where the exports do not tell. */
export function endsOf(
  event: KnownEvent | undefined,
  exports: readonly CompletedExport[],
): { readonly from: boolean | undefined; readonly to: boolean | undefined } {
  const reading = readingOf(event, exports);
  const isSame = event !== undefined && event.ingestedAt === event.at;
  if (reading === undefined && !isSame) return { from: undefined, to: undefined };
  const at = reading === "ingestion-time" ? "ingestion" : "event";
  const [from, to] = [held(exports, `begins-at-${at}`), held(exports, `ends-at-${at}`)];
  // Neither has it: then it was in no window at all, or they are to be understood in another way.
  return from || to ? { from, to } : { from: undefined, to: undefined };
}

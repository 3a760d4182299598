import type { WindowReading } from "../../../apps/emulator";
import { days, otherAccount, otherRegion, region, sourceEvents } from "../../audit/support/archive";

/** An event of the view `events`, without its export task. */
export interface ExpectedEvent {
  readonly ts: string;
  readonly region: string;
  readonly account: string;
  readonly log_group: string;
  readonly log_stream: string;
  readonly day: string;
  readonly message: string;
}

/** Counts directly what the accounts put in: every event once, with the day of its time or of its ingestion. */
export function expectedEvents(reading: WindowReading): ExpectedEvent[] {
  return sourceEvents
    .flatMap(({ account, logGroup, logStream, timestamp, ingestionTime, message }) =>
      (account === otherAccount ? [region, otherRegion] : [region]).map((of) => ({
        ts: new Date(timestamp).toISOString(),
        region: of,
        account,
        log_group: logGroup,
        log_stream: logStream.replaceAll("/", "-"),
        day: new Date(reading === "event-time" ? timestamp : ingestionTime).toISOString().slice(0, 10),
        message,
      })),
    )
    .filter(({ day }) => days.some((one) => one === day))
    .sort(byText);
}

export function byText(a: object, b: object): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}

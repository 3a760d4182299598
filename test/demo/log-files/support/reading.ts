import { entriesOf } from "../../../../apps/demo/log-files/entries";
import { eventsOf } from "../../../../apps/demo/log-files/events";
import { fileTimes } from "../../../../apps/demo/log-files/times/file-times";

const DAY = 86_400_000;

/** When the files of these tests were changed, unless a test says otherwise. */
export const modifiedAt = Date.parse("2026-11-26T12:00:00Z");

/** What becomes of a file with these lines: `time message` of each event, what its note says, and the counts. */
export function reading(lines: readonly string[], modified = modifiedAt) {
  const entries = entriesOf(lines);
  const { times, remarks, withoutZone } = fileTimes(entries, { modifiedAt: modified, latest: modified + DAY });
  const { events, ...counts } = eventsOf(entries, times, modified);
  const isoTime = (at: number) => new Date(at).toISOString();
  return {
    /** Of each line or JSON document; empty where it states none. */
    times: times.map((at) => (at === undefined ? "" : isoTime(at))),
    events: events.map(({ timestamp, message }) => `${isoTime(timestamp)} ${message}`),
    remarks,
    withoutZone,
    ...counts,
  };
}

/** The time that a file's only line states, as ISO 8601; empty if it states none. */
export const timeOf = (line: string): string => reading([line]).times.join();

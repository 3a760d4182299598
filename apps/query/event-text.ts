/** An event as an exported object holds it. */
export interface ExportedEvent {
  /** Epoch milliseconds; null for lines before the first time stamp of an object. */
  readonly timestamp: number | null;
  /** With its line breaks, without the one that ends it. */
  readonly message: string;
}

/** What CloudWatch Logs puts before a message: a line that does not begin so continues the event before it. */
const timeStamp = /(?:^|\n)(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z) /g;

/** The events of an exported object's text. A line that only looks as if it began with a time is part of a message. */
export function* eventsOf(text: string): Generator<ExportedEvent> {
  let timestamp: number | null = null;
  let start = 0;
  for (const match of text.matchAll(timeStamp)) {
    const at = epochMilliseconds(match[1] ?? "");
    if (at === undefined) continue;
    if (match.index > start || timestamp !== null) yield { timestamp, message: text.slice(start, match.index) };
    timestamp = at;
    start = match.index + match[0].length;
  }
  const rest = text.endsWith("\n") ? text.slice(start, -1) : text.slice(start);
  if (timestamp !== null || rest !== "") yield { timestamp, message: rest };
}

function epochMilliseconds(stamp: string): number | undefined {
  const at = Date.parse(stamp);
  // Date.parse knows the 31st of February, as it knows 24 o'clock.
  const isPlain = stamp.slice(8, 10) <= "28" && stamp.slice(11, 13) < "24";
  return Number.isNaN(at) || (!isPlain && new Date(at).toISOString() !== stamp) ? undefined : at;
}

import { iso, oneLine, privateAddress } from "./content";

/** Structured application logs: one JSON object a line. */
export const jsonApplicationLine = oneLine((random, at, { region }) => {
  const failed = random.chance(4);
  return JSON.stringify({
    time: iso(at),
    level: failed ? "error" : random.pick(["info", "info", "info", "debug", "warn"]),
    logger: random.pick(["http", "db", "queue", "scheduler"]),
    msg: failed
      ? 'upstream said "no"\n\tafter 3 attempts'
      : random.pick(["request completed", "job done", "message acknowledged"]),
    trace_id: random.hex(32),
    span_id: random.hex(16),
    host: privateAddress(random),
    region,
    duration_ms: random.int(1, 1_800),
    ...(failed ? { error: { type: "UpstreamError", status: random.pick([500, 502, 503, 504]) } } : {}),
  });
});

/** https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
export const limits = {
  historyEvents: 25_000,
  payloadBytes: 256 * 1024,
  definitionBytes: 1024 * 1024,
  nameLength: 80,
  /** Child executions of a Map Run at a time, also where `MaxConcurrency` is 0 or absent. */
  distributedConcurrency: 10_000,
  inlineConcurrency: 40,
  /** Standard child executions that a Map Run starts in a second. */
  childrenPerSecond: 100,
} as const;

export function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? "", "utf8");
}

/** A request rate: a bucket of `burst` tokens that refills with `perSecond`. */
export interface Limit {
  readonly perSecond: number;
  readonly burst: number;
  /** Whose requests share the bucket: those of an account in a Region (`account`), or those of the whole organisation. */
  readonly scope: "account" | "organization";
}

export function perAccount(perSecond: number, burst = perSecond): Limit {
  return { perSecond, burst, scope: "account" };
}

/** Token buckets, filled by the clock that is given with each request. */
export class Throttle {
  private readonly buckets = new Map<string, { tokens: number; at: number }>();

  /** Whether a request may pass; it takes a token if so. */
  admit(key: string, limit: Limit, now: number): boolean {
    const bucket = this.buckets.get(key) ?? { tokens: limit.burst, at: now };
    const refill = (Math.max(0, now - bucket.at) / 1000) * limit.perSecond;
    const tokens = Math.min(limit.burst, bucket.tokens + refill);
    const admitted = tokens >= 1;
    this.buckets.set(key, { tokens: admitted ? tokens - 1 : tokens, at: now });
    return admitted;
  }
}

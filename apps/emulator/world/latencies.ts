/** How long what AWS does takes, in milliseconds of the clock. What is absent takes no time. */
export interface Latencies {
  /** A request to any service but S3, there and back: half of it passes before the request takes effect. */
  readonly api?: number;
  /** A request to S3, likewise. */
  readonly s3?: number;
  /** From an invocation of a function until an instance that is there already begins with it. */
  readonly warmStart?: number;
  /** The same where an instance has to be started first. It is billed, and does not count towards the time-out. */
  readonly coldStart?: number;
  /** Entering a state, or trying it again. */
  readonly transition?: number;
}

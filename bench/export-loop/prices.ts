/** Prices of AWS in us-east-1, in dollars, and how long its answers are taken to need. */

export const prices = {
  /** https://aws.amazon.com/step-functions/pricing/ */
  transition: 0.025 / 1000,
  /** arm64. https://aws.amazon.com/lambda/pricing/ */
  lambdaGigabyteSecond: 0.0000133334,
  lambdaRequest: 0.2 / 1_000_000,
  /** PUT and LIST, and GET. https://aws.amazon.com/s3/pricing/ */
  s3Write: 0.005 / 1000,
  s3Read: 0.0004 / 1000,
};

/** Milliseconds. */
export const latencies = { api: 80, s3: 30, warmStart: 60, coldStart: 900, transition: 25 };

export function lambdaDollars(milliseconds: number, memoryMegabytes: number, requests: number): number {
  const gigabyteSeconds = (milliseconds / 1000) * (memoryMegabytes / 1024);
  return gigabyteSeconds * prices.lambdaGigabyteSecond + requests * prices.lambdaRequest;
}

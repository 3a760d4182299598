import { regionOfBucket } from "../../../handlers/archive/layout";
import { AuditedBucket } from "../../../handlers/clients/audited-bucket";
import { systemClock } from "../../../handlers/clock";

/** An archive bucket at AWS, or behind `AWS_ENDPOINT_URL`. */
export function bucketAtAws(bucket: string): AuditedBucket {
  const region = regionOfBucket(bucket);
  const source = { clock: systemClock, random: Math.random };
  return new AuditedBucket({ bucket, source, environment: process.env, ...(region === undefined ? {} : { region }) });
}

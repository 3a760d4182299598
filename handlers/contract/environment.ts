import * as z from "zod";
import { InvalidInput } from "./errors";

/** The environment variables of every handler: what the constructs set and the handlers read. An empty string is missing. */
const required = z.string().min(1);

export const ArchiveEnvironment = z.object({
  /** Name of this Region's archive bucket. */
  ARCHIVE_BUCKET: required,
  /** Set by Lambda. */
  AWS_REGION: required,
});
export type ArchiveEnvironment = z.infer<typeof ArchiveEnvironment>;

export const MemberEnvironment = ArchiveEnvironment.extend({
  /** Name of the role that StackSets bring to every account. */
  MEMBER_ROLE_NAME: required,
  EXTERNAL_ID: required,
  /** `aws`, `aws-cn` or `aws-us-gov`. */
  PARTITION: required,
});
export type MemberEnvironment = z.infer<typeof MemberEnvironment>;

export const SignDigestEnvironment = ArchiveEnvironment.extend({
  /** Of the asymmetric KMS key, in any account and Region. */
  SIGNING_KEY_ARN: required,
  /** SHA-256 in hex, of the settings that were deployed and of the code that was deployed with them. */
  CONFIGURATION_SHA256: required,
  CODE_SHA256: required,
  /** Name of a bucket that gets a copy of each digest. */
  DIGEST_COPIES_BUCKET: required.optional(),
});
export type SignDigestEnvironment = z.infer<typeof SignDigestEnvironment>;

/** The role that an environment names, in any account. */
export function memberRole(environment: MemberEnvironment): {
  partition: string;
  roleName: string;
  externalId: string;
} {
  return {
    partition: environment.PARTITION,
    roleName: environment.MEMBER_ROLE_NAME,
    externalId: environment.EXTERNAL_ID,
  };
}

/** What a construct sets: the variables above without those that Lambda sets itself. */
export type Configured<E extends ArchiveEnvironment> = Omit<E, "AWS_REGION">;

/**
 * Reads an environment.
 * @throws {InvalidInput} naming every variable that is missing.
 */
export function parseEnvironment<T>(
  schema: z.ZodType<T>,
  environment: Readonly<Record<string, string | undefined>>,
): T {
  const parsed = schema.safeParse(environment);
  if (parsed.success) return parsed.data;
  const names = parsed.error.issues.map((issue) => issue.path.join("."));
  throw new InvalidInput(`Environment variable ${names.join(", ")} is missing or empty`, { cause: parsed.error });
}

/**
 * Reads an event.
 * @throws {InvalidInput} naming each field and what is wrong with it.
 */
export function parseEvent<T>(schema: z.ZodType<T>, event: unknown): T {
  const parsed = schema.safeParse(event);
  if (parsed.success) return parsed.data;
  throw new InvalidInput(`The event is not valid: ${z.prettifyError(parsed.error)}`, { cause: parsed.error });
}

import { z } from "zod";
import { resourcesOf, type Stack } from "../../cloudformation/stack";
import type { Directory } from "../../storage/directory";
import { kmsErrors, notFound } from "./errors";
import { SigningKey } from "./signing-key";

export const KeyUsage = z.enum(["ENCRYPT_DECRYPT", "SIGN_VERIFY"]);
export type KeyUsage = z.infer<typeof KeyUsage>;

/** What a key is created from. Of asymmetric keys only those that sign on NIST P-256 are emulated. */
export interface KeyDefinition {
  /** `arn:aws:kms:<region>:<account>:key/<id>` */
  readonly arn: string;
  readonly usage: KeyUsage;
  readonly enabled: boolean;
  readonly policy: unknown;
  /** `alias/...` */
  readonly aliases: readonly string[];
}

export interface Key extends KeyDefinition {
  readonly account: string;
  readonly region: string;
  /** Of keys that sign. */
  readonly signing?: SigningKey;
}

const KeyProperties = z
  .object({
    KeyPolicy: z.unknown(),
    KeyUsage: KeyUsage.default("ENCRYPT_DECRYPT"),
    KeySpec: z.enum(["SYMMETRIC_DEFAULT", "ECC_NIST_P256"]).default("SYMMETRIC_DEFAULT"),
    Enabled: z.boolean().default(true),
  })
  .refine(
    ({ KeyUsage: usage, KeySpec }) => (usage === "SIGN_VERIFY") === (KeySpec === "ECC_NIST_P256"),
    "KeyUsage SIGN_VERIFY goes with KeySpec ECC_NIST_P256, and with nothing else that is emulated",
  );
const Alias = z.object({ AliasName: z.string(), TargetKeyId: z.string() });

/** The keys of all accounts and Regions. */
export class Keys {
  private readonly keys = new Map<string, Key>();
  private readonly published = new Set<string>();

  constructor(
    private readonly seed: number,
    /** Where the public key of a Region's first signing key is written: `kms/<region>.pem`. */
    private readonly directory: Directory | undefined,
  ) {}

  find(arn: string): Key | undefined {
    return this.keys.get(arn);
  }

  /**
   * The key that an account means in a Region by a key id, an alias, or the ARN of either.
   * @throws {ServiceError} NotFoundException
   */
  get(account: string, region: string, id: string): Key {
    const arn = id.startsWith("arn:")
      ? id
      : `arn:aws:kms:${region}:${account}:${id.startsWith("alias/") ? id : `key/${id}`}`;
    const [, , , ofRegion, ofAccount, name = ""] = arn.split(":");
    const found =
      this.keys.get(arn) ??
      [...this.keys.values()].find(
        (key) => key.region === ofRegion && key.account === ofAccount && key.aliases.includes(name),
      );
    if (found === undefined) throw notFound(arn);
    if (found.region !== region) throw kmsErrors.invalid(`Invalid arn ${region}`);
    return found;
  }

  create(definition: KeyDefinition): void {
    const { arn, usage } = definition;
    const [, , , region = "", account = ""] = arn.split(":");
    const signing = usage === "SIGN_VERIFY" ? { signing: new SigningKey(this.seed, arn) } : {};
    this.keys.set(arn, { ...definition, account, region, ...signing });
    if (!signing.signing || this.published.has(region)) return;
    this.published.add(region);
    this.directory?.write(`kms/${region}.pem`, signing.signing.pem);
  }

  /** Creates a stack's keys. */
  deploy(stack: Stack): void {
    const aliases = [...resourcesOf(stack, "AWS::KMS::Alias", Alias)].map(({ read }) => read);
    for (const { ref, attributes, read } of resourcesOf(stack, "AWS::KMS::Key", KeyProperties)) {
      const arn = attributes.Arn ?? "";
      const own = aliases.filter(({ TargetKeyId }) => TargetKeyId === ref || TargetKeyId === arn);
      this.create({
        arn,
        usage: read.KeyUsage,
        enabled: read.Enabled,
        policy: read.KeyPolicy,
        aliases: own.map(({ AliasName }) => AliasName),
      });
    }
  }
}

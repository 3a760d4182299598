import { z } from "zod";
import { resourcesOf, type Stack } from "../../cloudformation/stack";
import { awsJson } from "../../protocols/aws-json";
import { logsErrors } from "../../service/errors";
import type { Service } from "../../service/service";

/** A key of KMS. */
export interface Key {
  readonly arn: string;
  readonly policy: unknown;
  /** `alias/...` */
  readonly aliases: readonly string[];
}

const KeyProperties = z.object({ KeyPolicy: z.unknown() });
const Alias = z.object({ AliasName: z.string(), TargetKeyId: z.string() });

/** The keys of all accounts and Regions, by ARN. */
export class Keys {
  private readonly keys = new Map<string, Key>();
  readonly service: Service = {
    protocol: awsJson,
    operations: {},
    errors: logsErrors,
    deploy: (stack) => this.create(stack),
  };

  find(arn: string): Key | undefined {
    return this.keys.get(arn);
  }

  /** Creates a stack's keys. */
  private create(stack: Stack): void {
    const aliases = [...resourcesOf(stack, "AWS::KMS::Alias", Alias)].map(({ read }) => read);
    for (const { ref, attributes, read } of resourcesOf(stack, "AWS::KMS::Key", KeyProperties)) {
      const arn = attributes.Arn ?? "";
      const own = aliases.filter(({ TargetKeyId }) => TargetKeyId === ref || TargetKeyId === arn);
      this.keys.set(arn, { arn, policy: read.KeyPolicy, aliases: own.map(({ AliasName }) => AliasName) });
    }
  }
}

import { z } from "zod";
import type { Policies } from "../../../apps/emulator";

/** Policies with one permission less: of an action, or on a resource. */
export interface Mutation {
  /** Whose permission: a role's name, `bucket policy` or `key policy`. */
  readonly of: string;
  /** `sid: action` or `sid: resource`. */
  readonly removed: string;
  readonly policies: Policies;
}

const strings = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
const Document = z.looseObject({
  Statement: z.array(
    z.looseObject({ Sid: z.string().default("statement"), Effect: z.string(), Action: strings, Resource: strings }),
  ),
});
type Document = z.infer<typeof Document>;

interface Removal {
  readonly removed: string;
  readonly document: Document;
}

/** A document without each action and each resource that it allows, one at a time. */
function removals(policy: unknown): Removal[] {
  const document = Document.parse(policy);
  return document.Statement.flatMap((statement, index) => {
    if (statement.Effect !== "Allow") return [];
    const without = (list: "Action" | "Resource") =>
      statement[list].map((value): Removal => {
        const left = statement[list].filter((other) => other !== value);
        const changed = left.length > 0 ? [{ ...statement, [list]: left }] : [];
        const Statement = document.Statement.toSpliced(index, 1, ...changed);
        return { removed: `${statement.Sid}: ${value}`, document: { ...document, Statement } };
      });
    return [...without("Action"), ...(statement.Resource.length > 1 ? without("Resource") : [])];
  });
}

/** Of roles that come from one template, the permission is taken from all. */
export function roleMutations(policies: Policies, name: string, arns: readonly string[]): Mutation[] {
  const [first = ""] = arns;
  const documents = policies.role(first)?.policies ?? [];
  return documents.flatMap((policy, index) =>
    removals(policy).map(({ removed }, which) => ({
      of: name,
      removed,
      policies: {
        ...through(policies),
        role: (arn) => {
          const role = policies.role(arn);
          if (role === undefined || !arns.includes(arn)) return role;
          const changed = removals(role.policies[index])[which]?.document;
          return { ...role, policies: role.policies.toSpliced(index, 1, changed) };
        },
      },
    })),
  );
}

export function bucketMutations(policies: Policies, name: string): Mutation[] {
  return removals(policies.bucket(name)?.policy).map(({ removed, document }) => ({
    of: "bucket policy",
    removed,
    policies: {
      ...through(policies),
      bucket: (asked) => {
        const bucket = policies.bucket(asked);
        return bucket === undefined || asked !== name ? bucket : { ...bucket, policy: document };
      },
    },
  }));
}

export function keyMutations(policies: Policies, keyArn: string): Mutation[] {
  return removals(policies.key(keyArn)?.policy).map(({ removed, document }) => ({
    of: "key policy",
    removed,
    policies: {
      ...through(policies),
      key: (asked) => {
        const key = policies.key(asked);
        return key === undefined || asked !== keyArn ? key : { ...key, policy: document };
      },
    },
  }));
}

function through(policies: Policies): Policies {
  return {
    role: (arn) => policies.role(arn),
    bucket: (name) => policies.bucket(name),
    key: (arn) => policies.key(arn),
  };
}

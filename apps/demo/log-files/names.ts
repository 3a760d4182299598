import { createHash } from "node:crypto";

export interface NameRule {
  readonly illegal: RegExp;
  readonly longest: number;
}

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html */
export const logGroupNames: NameRule = { illegal: /[^.\-_/#A-Za-z0-9]/gu, longest: 512 };
/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogStream.html */
export const logStreamNames: NameRule = { illegal: /[:*]/g, longest: 512 };

/**
 * A name of its own for every wanted one. A legal name stays as it is; the others get `_` for each illegal character, are cut
 * if too long, and end with `-` and the beginning of the SHA-256 of what was wanted, so that no two become the same.
 *
 * @param wanted what each key should be called; keys are unique, wanted names need not be
 */
export function legalNames(wanted: ReadonlyMap<string, string>, rule: NameRule): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  const altered: [string, string][] = [];
  for (const [key, name] of wanted) {
    const isLegal = name !== "" && name.length <= rule.longest && name.search(rule.illegal) === -1;
    if (!isLegal || taken.has(name)) altered.push([key, name]);
    else names.set(key, claim(name, taken));
  }
  for (const [key, name] of altered) {
    const hash = createHash("sha256")
      .update(JSON.stringify([key, name]))
      .digest("hex");
    const named = (digits: number): string => {
      const ending = `-${hash.slice(0, digits)}`;
      const candidate = name.replace(rule.illegal, "_").slice(0, rule.longest - ending.length) + ending;
      return taken.has(candidate) ? named(digits + 1) : candidate;
    };
    names.set(key, claim(named(8), taken));
  }
  return names;
}

function claim(name: string, taken: Set<string>): string {
  taken.add(name);
  return name;
}

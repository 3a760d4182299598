import type { Configuration } from "../../constructs/configuration";

/** The organisational unit that holds the demo's accounts: the first that the configuration targets, or one below its root. */
export function organizationalUnit({ targets }: Configuration): string {
  const [first = ""] = targets.organizationalUnits;
  return first.startsWith("ou-") ? first : `ou-${first.slice("r-".length)}-company1`;
}

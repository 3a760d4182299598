import { sha256Hex } from "../../handlers/archive/hashing";
import type { Configuration } from ".";

/** SHA-256, in hex, of the configuration with its defaults, as JSON with sorted keys: digests say with it what was deployed. */
export function configurationSha256(configuration: Configuration): string {
  return sha256Hex(JSON.stringify(sorted(configuration)));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => [key, sorted(member)]),
  );
}

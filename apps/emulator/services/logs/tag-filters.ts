import { like } from "../../service/wildcards";
import type { LogGroup } from "../../world/world";

/** One of ListLogGroups' `logGroupTags`: no values means any value. */
export interface TagFilter {
  readonly key: string;
  readonly values: readonly string[];
}

/**
 * Whether a log group passes a tag filter: `*` matches any characters without regard to case, `!` in front negates.
 * AWS does not say whether a group without the tag passes a negation: the caller chooses.
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_TagFilter.html
 */
export function passes(group: LogGroup, { key, values }: TagFilter, untaggedPassesNegation: boolean): boolean {
  const value = group.tags?.[key];
  if (value === undefined) return untaggedPassesNegation && values.some((pattern) => pattern.startsWith("!"));
  return values.length === 0 || values.some((pattern) => matches(value, pattern));
}

function matches(value: string, pattern: string): boolean {
  if (pattern.startsWith("!")) return value !== pattern.slice(1);
  return pattern.includes("*") ? like(value.toLowerCase(), pattern.toLowerCase()) : value === pattern;
}

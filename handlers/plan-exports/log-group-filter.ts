import picomatch from "picomatch";
import type { LogGroupSelection } from "../contract/settings";

/**
 * Whether a log group is archived by its name. In a glob `*` stays within a path segment and `**` crosses them, so that
 * `/aws/lambda/**` is every function and `**` every log group.
 */
export function logGroupFilter(selection: LogGroupSelection): (name: string) => boolean {
  const options = { dot: true, nonegate: true, noextglob: true };
  const included = picomatch(selection.include, options);
  const excluded = selection.exclude.length > 0 ? picomatch(selection.exclude, options) : () => false;
  return (name) => included(name) && !excluded(name);
}

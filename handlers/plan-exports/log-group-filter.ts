import picomatch from "picomatch";
import type { LogGroupSelection } from "../contract/settings";

/**
 * Whether a log group is archived by its name. In a glob `*` stays within a path segment and `**` crosses them, so that
 * `/aws/lambda/**` is every function and `**` every log group.
 */
export function logGroupFilter(selection: LogGroupSelection): (name: string) => boolean {
  const options = { dot: true, nonegate: true, noextglob: true };
  const included = picomatch(selection.include.map(asName), options);
  const excluded = selection.exclude.length > 0 ? picomatch(selection.exclude.map(asName), options) : () => false;
  return (name) => included(asName(name)) && !excluded(asName(name));
}

/** In paths the segments `.` and `..` are other folders, which no wildcard matches; here they are names like any other. */
function asName(path: string): string {
  return path.replaceAll(/(?<=^|\/)\.{1,2}(?=\/|$)/g, (dots) => "%".repeat(dots.length));
}

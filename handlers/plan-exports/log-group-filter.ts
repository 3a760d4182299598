import picomatch from "picomatch";
import type { SettingValue } from "../archive/records";
import type { LogGroupSelection } from "../contract/settings";

/** What a configuration selects of an account's log groups. */
export class LogGroupFilter {
  private readonly include: readonly Glob[];
  private readonly exclude: readonly Glob[];

  /** @param tagged names of the log groups that have the tag to exclude. */
  constructor(
    private readonly selection: LogGroupSelection,
    private readonly tagged: ReadonlySet<string>,
  ) {
    this.include = selection.include.map((pattern, index) => glob(`logGroups.include[${index}]`, pattern));
    this.exclude = selection.exclude.map((pattern, index) => glob(`logGroups.exclude[${index}]`, pattern));
  }

  /** The setting that leaves a log group out, as `logGroups.exclude[0]`; undefined if it is archived. */
  leftOutBy(name: string): string | undefined {
    if (!this.include.some((each) => each.matches(name))) return "logGroups.include";
    const exclusion = this.exclude.find((each) => each.matches(name));
    return exclusion?.setting ?? (this.tagged.has(name) ? "logGroups.excludeTag" : undefined);
  }

  /** The settings that match none of these log groups. */
  unmatched(names: readonly string[]): SettingValue[] {
    const globs = [...this.include, ...this.exclude].filter((each) => !names.some(each.matches));
    const { excludeTag } = this.selection;
    const tag = { setting: "logGroups.excludeTag", value: `${excludeTag?.key}=${excludeTag?.value}` };
    return [
      ...globs.map(({ setting, value }) => ({ setting, value })),
      ...(excludeTag && this.tagged.size === 0 ? [tag] : []),
    ];
  }
}

interface Glob extends SettingValue {
  readonly matches: (name: string) => boolean;
}

/** `*` stays within a path segment and `**` crosses them: `/aws/lambda/**` is every function, `**` every log group. */
function glob(setting: string, value: string): Glob {
  const matches = picomatch(asName(value), { dot: true, nonegate: true, noextglob: true });
  return { setting, value, matches: (name) => matches(asName(name)) };
}

/** In paths the segments `.` and `..` are other folders, which no wildcard matches; here they are names like any other. */
function asName(path: string): string {
  return path.replaceAll(/(?<=^|\/)\.{1,2}(?=\/|$)/g, (dots) => "%".repeat(dots.length));
}

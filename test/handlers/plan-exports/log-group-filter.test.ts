import fc from "fast-check";
import { LogGroupSelection } from "../../../handlers/contract/settings";
import { LogGroupFilter } from "../../../handlers/plan-exports/log-group-filter";
import { holds } from "../support/property";

const logGroupName = fc.stringMatching(/^[./_#A-Za-z0-9-]{1,60}$/);

function archives(selection: unknown, name: string): boolean {
  return new LogGroupFilter(LogGroupSelection.parse(selection), new Set()).leftOutBy(name) === undefined;
}

it("archives every log group unless told otherwise", () => {
  holds(
    fc.property(logGroupName, (name) => expect(archives({}, name)).toBe(true)),
    1000,
  );
});

it("archives exactly the log group that a name without wildcards names", () => {
  const plain = fc.stringMatching(/^\/[._A-Za-z0-9-]{1,20}(\/[_A-Za-z0-9-]{1,20}){0,3}$/);
  holds(
    fc.property(plain, plain, (name, other) => {
      expect(archives({ include: [name] }, name)).toBe(true);
      expect(archives({ include: [name] }, other)).toBe(name === other);
    }),
  );
});

it.each([
  ["/aws/lambda/**", "/aws/lambda/web", true],
  ["/aws/lambda/**", "/aws/lambda/web/blue", true],
  ["/aws/lambda/**", "/aws/lambda-insights", false],
  ["/aws/lambda/*", "/aws/lambda/web/blue", false],
  ["/aws/*/web", "/aws/lambda/web", true],
  ["/app/{web,api}", "/app/api", true],
  ["/app/**", "/app/.hidden", true],
  ["/app/**", "/App/web", false],
  ["/app/web.log", "/app/webXlog", false],
])("reads the glob %s against %s as %s", (glob, name, expected) => {
  expect(archives({ include: [glob] }, name)).toBe(expected);
});

it("leaves out what both lists match", () => {
  const selection = { include: ["/app/**"], exclude: ["**/debug"] };
  expect(archives(selection, "/app/web")).toBe(true);
  expect(archives(selection, "/app/web/debug")).toBe(false);
});

it("archives nothing that no glob to include matches", () => {
  expect(archives({ include: ["/other/**"] }, "/app/web")).toBe(false);
});

it("says which setting leaves a log group out", () => {
  const selection = LogGroupSelection.parse({
    include: ["/app/**"],
    exclude: ["/app/tmp", "**/debug"],
    excludeTag: { key: "archive", value: "no" },
  });
  const filter = new LogGroupFilter(selection, new Set(["/app/tagged"]));
  expect(["/aws/x", "/app/web/debug", "/app/tagged", "/app/web"].map((name) => filter.leftOutBy(name))).toEqual([
    "logGroups.include",
    "logGroups.exclude[1]",
    "logGroups.excludeTag",
    undefined,
  ]);
});

it("names the settings that match nothing, each by its place and value", () => {
  const selection = LogGroupSelection.parse({
    include: ["/app/**", "/apps/**"],
    exclude: ["**/debug"],
    excludeTag: { key: "archive", value: "no" },
  });
  expect(new LogGroupFilter(selection, new Set()).unmatched(["/app/web"])).toEqual([
    { setting: "logGroups.include[1]", value: "/apps/**" },
    { setting: "logGroups.exclude[0]", value: "**/debug" },
    { setting: "logGroups.excludeTag", value: "archive=no" },
  ]);
  expect(new LogGroupFilter(selection, new Set(["/app/web"])).unmatched(["/apps/x/debug", "/app/web"])).toEqual([]);
});

it.each(["*", "no*", "!no", ""])("refuses the tag value %j, which is none to CloudWatch Logs", (value) => {
  const parsed = LogGroupSelection.safeParse({ excludeTag: { key: "archive", value } });
  expect(parsed.error?.issues).toMatchObject([
    { path: ["excludeTag", "value"], message: expect.stringContaining("exact value of a tag") },
  ]);
});

it.each(["no", "no!", "n o/é=+-@:"])("takes the tag value %j literally", (value) => {
  expect(LogGroupSelection.safeParse({ excludeTag: { key: "archive", value } }).success).toBe(true);
});

import {
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  ListLogGroupsCommand,
  ListTagsForResourceCommand,
  paginateDescribeLogGroups,
} from "@aws-sdk/client-cloudwatch-logs";
import { closeAll, createdAt, day, emulate, event, logGroup, member, region, world } from "../../support/organisation";
import { errorName } from "./exports";

afterEach(closeAll);

const sixty = Array.from({ length: 60 }, (_, index) => logGroup(`/app/${index}`));

it("pages through log groups in ASCII order, with an empty page in the middle", async () => {
  const { logs } = await emulate({ world: world(sixty) });
  const pages: (string | undefined)[][] = [];
  for await (const { logGroups } of paginateDescribeLogGroups({ client: logs() }, {})) {
    pages.push((logGroups ?? []).map(({ logGroupName }) => logGroupName));
  }
  expect(pages.map(({ length }) => length)).toEqual([50, 0, 10]);
  expect(pages.flat()).toEqual(sixty.map(({ name }) => name).sort());
});

it("goes on with the next log group when the last one of a page has been deleted", async () => {
  const groups = ["/a", "/b", "/c", "/d"].map((name) => logGroup(name));
  const { logs, cloud } = await emulate({ world: world(groups) });
  const names: (string | undefined)[] = [];
  for await (const { logGroups } of paginateDescribeLogGroups({ client: logs(), pageSize: 2 }, {})) {
    names.push(...(logGroups ?? []).map(({ logGroupName }) => logGroupName));
    cloud.logs.groups.delete(member, region, "/b");
  }
  expect(names).toEqual(["/a", "/b", "/c", "/d"]);
});

it("refuses more than 50 log groups on a page, and a token that it did not give", async () => {
  const { logs } = await emulate();
  expect(await errorName(logs().send(new DescribeLogGroupsCommand({ limit: 51 })))).toBe("InvalidParameterException");
  expect(await errorName(logs().send(new DescribeLogGroupsCommand({ nextToken: "mine" })))).toBe(
    "InvalidParameterException",
  );
});

it("describes a log group with both of its ARNs", async () => {
  const { logs } = await emulate({ world: world([logGroup("/app/web", { retentionInDays: 7, dataProtected: true })]) });
  const { logGroups } = await logs().send(new DescribeLogGroupsCommand({ logGroupNamePrefix: "/app/" }));
  const arn = `arn:aws:logs:${region}:${member}:log-group:/app/web`;
  expect(logGroups).toEqual([
    expect.objectContaining({
      logGroupName: "/app/web",
      arn: `${arn}:*`,
      logGroupArn: arn,
      creationTime: createdAt,
      retentionInDays: 7,
      logGroupClass: "STANDARD",
      dataProtectionStatus: "ACTIVATED",
    }),
  ]);
});

it("finds log groups by pattern, class and identifiers", async () => {
  const groups = [logGroup("/app/web"), logGroup("/app/api", { logGroupClass: "INFREQUENT_ACCESS" })];
  const { logs } = await emulate({ world: world(groups) });
  const names = async (input: object): Promise<(string | undefined)[] | undefined> =>
    (await logs().send(new DescribeLogGroupsCommand(input))).logGroups?.map(({ logGroupName }) => logGroupName);
  expect(await names({ logGroupNamePattern: "pp/w" })).toEqual(["/app/web"]);
  expect(await names({ logGroupClass: "INFREQUENT_ACCESS" })).toEqual(["/app/api"]);
  expect(await names({ logGroupIdentifiers: ["/app/web"] })).toEqual(["/app/web"]);
});

describe("a tag filter of ListLogGroups", () => {
  const groups = [
    logGroup("/in", { tags: { archive: "true" } }),
    logGroup("/out", { tags: { archive: "false" } }),
    logGroup("/untagged"),
  ];

  it.each([
    [["!false"], false, ["/in"]],
    [["!false"], true, ["/in", "/untagged"]],
    [["FAL*"], false, ["/out"]],
    [["false"], true, ["/out"]],
    [undefined, true, ["/in", "/out"]],
  ])("%j (untagged groups pass a negation: %s) finds %j", async (values, untaggedPassesNegation, expected) => {
    const { logs } = await emulate({ world: world(groups), logs: { untaggedPassesNegation } });
    const filter = { key: "archive", ...(values !== undefined && { values }) };
    const { logGroups } = await logs().send(new ListLogGroupsCommand({ limit: 1000, logGroupTags: [filter] }));
    expect(logGroups?.map(({ logGroupName }) => logGroupName)).toEqual(expected);
  });
});

it("lists a log group's tags by the ARN without an asterisk", async () => {
  const { logs } = await emulate({ world: world([logGroup("/app/web", { tags: { team: "shop" } })]) });
  const resourceArn = `arn:aws:logs:${region}:${member}:log-group:/app/web`;
  expect((await logs().send(new ListTagsForResourceCommand({ resourceArn }))).tags).toEqual({ team: "shop" });
  const withAsterisk = new ListTagsForResourceCommand({ resourceArn: `${resourceArn}:*` });
  expect(await errorName(logs().send(withAsterisk))).toBe("InvalidParameterException");
});

it("orders log streams by name or by their last event", async () => {
  const streams = [
    { name: "b", events: [event(day.from + 1, "x")] },
    { name: "a", events: [event(day.from + 2, "x")] },
    { name: "c", events: [] },
  ];
  const { logs } = await emulate({ world: world([logGroup("/app/web", { streams })]) });
  const names = async (input: object): Promise<(string | undefined)[] | undefined> => {
    const command = new DescribeLogStreamsCommand({ logGroupName: "/app/web", ...input });
    return (await logs().send(command)).logStreams?.map(({ logStreamName }) => logStreamName);
  };
  expect(await names({})).toEqual(["a", "b", "c"]);
  expect(await names({ orderBy: "LastEventTime", descending: true })).toEqual(["a", "b", "c"]);
  expect(await names({ orderBy: "LastEventTime", descending: false, limit: 1 })).toEqual(["c"]);
  expect(await errorName(names({ orderBy: "LastEventTime", logStreamNamePrefix: "a" }))).toBe(
    "InvalidParameterException",
  );
});

import type { DescribeLogStreamsResponse, LogStream as LogStreamAnswer } from "@aws-sdk/client-cloudwatch-logs";
import { z } from "zod";
import { logsErrors } from "../../service/errors";
import { page } from "../../service/pages";
import { type Operation, operation } from "../../service/service";
import { perAccount } from "../../service/throttle";
import type { LogGroup, LogStream } from "../../world/world";
import { arnOf, type LogGroups, nameFromIdentifier } from "./log-groups";

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogStreams.html */
const DescribeLogStreams = z
  .object({
    logGroupName: z.string().min(1).max(512).optional(),
    logGroupIdentifier: z.string().min(1).max(2048).optional(),
    logStreamNamePrefix: z.string().min(1).max(512).optional(),
    orderBy: z.enum(["LogStreamName", "LastEventTime"]).default("LogStreamName"),
    descending: z.boolean().default(false),
    nextToken: z.string().optional(),
    limit: z.number().int().min(1).max(50).default(50),
  })
  .refine(
    ({ logGroupName, logGroupIdentifier }) => (logGroupName === undefined) !== (logGroupIdentifier === undefined),
    "give either logGroupName or logGroupIdentifier",
  )
  .transform(({ logGroupName, logGroupIdentifier, ...rest }) => ({
    ...rest,
    logGroup: nameFromIdentifier(logGroupName ?? logGroupIdentifier ?? ""),
  }));

export function logStreamOperations(groups: LogGroups): Readonly<Record<string, Operation>> {
  return {
    DescribeLogStreams: operation({
      input: DescribeLogStreams,
      access: (input, { caller, region }) => ({
        action: "logs:DescribeLogStreams",
        resource: `arn:aws:logs:${region}:${caller.account}:log-group:${input.logGroup}`,
      }),
      limits: [perAccount(25)],
      run: ({ input, caller, region, now }): DescribeLogStreamsResponse => {
        const { logStreamNamePrefix, orderBy, descending } = input;
        if (orderBy === "LastEventTime" && logStreamNamePrefix !== undefined) {
          throw logsErrors.invalid("Cannot order by LastEventTime with a logStreamNamePrefix.");
        }
        const group = groups.get(caller.account, region, input.logGroup);
        const items = group.streams
          .filter(({ name }) => logStreamNamePrefix === undefined || name.startsWith(logStreamNamePrefix))
          .map((stream) => description(group, stream, now))
          .sort(orderBy === "LastEventTime" ? byLastEvent : byName);
        if (descending) items.reverse();
        const found = page({ items, key: nameOf, limit: input.limit, token: input.nextToken });
        return { logStreams: [...found.items], nextToken: found.nextToken };
      },
    }),
  };
}

const nameOf = (stream: LogStreamAnswer): string => stream.logStreamName ?? "";

function byName(a: LogStreamAnswer, b: LogStreamAnswer): number {
  return Buffer.compare(Buffer.from(nameOf(a)), Buffer.from(nameOf(b)));
}

function byLastEvent(a: LogStreamAnswer, b: LogStreamAnswer): number {
  return (a.lastEventTimestamp ?? 0) - (b.lastEventTimestamp ?? 0) || byName(a, b);
}

/** A stream without events has no event times; `storedBytes` of a stream has been 0 since 2019. */
function description(group: LogGroup, { name, events }: LogStream, now: number): LogStreamAnswer {
  const common = {
    logStreamName: name,
    arn: `${arnOf(group)}:log-stream:${name}`,
    creationTime: group.createdAt,
    storedBytes: 0,
  };
  const ingested = events.filter(({ ingestionTime }) => ingestionTime <= now);
  if (ingested.length === 0) return common;
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  let lastIngestion = Number.NEGATIVE_INFINITY;
  for (const { timestamp, ingestionTime } of ingested) {
    first = Math.min(first, timestamp);
    last = Math.max(last, timestamp);
    lastIngestion = Math.max(lastIngestion, ingestionTime);
  }
  return { ...common, firstEventTimestamp: first, lastEventTimestamp: last, lastIngestionTime: lastIngestion };
}

import type {
  DescribeLogGroupsResponse,
  ListLogGroupsResponse,
  ListTagsForResourceResponse,
  LogGroup as LogGroupAnswer,
} from "@aws-sdk/client-cloudwatch-logs";
import { z } from "zod";
import { logsErrors } from "../../service/errors";
import { page } from "../../service/pages";
import { type Operation, operation } from "../../service/service";
import { perAccount } from "../../service/throttle";
import type { LogGroup } from "../../world/world";
import { arnOf, type LogGroups, nameFromIdentifier } from "./log-groups";
import { passes } from "./tag-filters";

const LogGroupClass = z.enum(["STANDARD", "INFREQUENT_ACCESS", "DELIVERY"]);

const nameOf = ({ name }: LogGroup): string => name;

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogGroups.html */
const DescribeLogGroups = z.object({
  logGroupNamePrefix: z.string().min(1).max(512).optional(),
  logGroupNamePattern: z.string().max(512).optional(),
  logGroupClass: LogGroupClass.optional(),
  logGroupIdentifiers: z.array(z.string()).min(1).max(50).optional(),
  nextToken: z.string().optional(),
  limit: z.number().int().min(1).max(50).default(50),
});

const pattern = z.string().min(3).max(24);

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_ListLogGroups.html */
const ListLogGroups = z.object({
  logGroupNamePattern: z
    .string()
    .transform((text) => text.split("|"))
    .pipe(z.array(pattern).max(5))
    .optional(),
  logGroupClass: LogGroupClass.optional(),
  logGroupTags: z
    .array(z.object({ key: z.string().min(1), values: z.array(z.string()).max(5).default([]) }))
    .max(5)
    .default([]),
  nextToken: z.string().optional(),
  limit: z.number().int().min(1).max(1000).default(50),
});

export interface LogGroupOptions {
  readonly untaggedPassesNegation: boolean;
}

export function logGroupOperations(groups: LogGroups, options: LogGroupOptions): Readonly<Record<string, Operation>> {
  return {
    DescribeLogGroups: operation({
      input: DescribeLogGroups,
      access: (_input, { caller, region }) => ({
        action: "logs:DescribeLogGroups",
        resource: `arn:aws:logs:${region}:${caller.account}:log-group:*`,
      }),
      limits: [perAccount(10)],
      run: ({ input, caller, region }): DescribeLogGroupsResponse => {
        const { logGroupNamePrefix, logGroupNamePattern, logGroupIdentifiers, logGroupClass } = input;
        if (
          [logGroupNamePrefix, logGroupNamePattern, logGroupIdentifiers].filter((given) => given !== undefined).length >
          1
        ) {
          throw logsErrors.invalid(
            "LogGroup name prefix, LogGroup name pattern and identifiers are mutually exclusive.",
          );
        }
        const names = logGroupIdentifiers && new Set(logGroupIdentifiers.map(nameFromIdentifier));
        const items = groups
          .list(caller.account, region)
          .filter(({ name }) => logGroupNamePrefix === undefined || name.startsWith(logGroupNamePrefix))
          .filter(({ name }) => logGroupNamePattern === undefined || name.includes(logGroupNamePattern))
          .filter(({ name }) => names === undefined || names.has(name))
          .filter((group) => logGroupClass === undefined || group.logGroupClass === logGroupClass);
        const found = page({ items, key: nameOf, limit: input.limit, token: input.nextToken });
        const describe = logGroupNamePattern === undefined ? description : briefDescription;
        return { logGroups: found.items.map(describe), nextToken: found.nextToken };
      },
    }),

    ListLogGroups: operation({
      input: ListLogGroups,
      access: (_input, { caller, region }) => ({
        action: "logs:ListLogGroups",
        resource: `arn:aws:logs:${region}:${caller.account}:log-group:*`,
      }),
      run: ({ input, caller, region }): ListLogGroupsResponse => {
        const items = groups
          .list(caller.account, region)
          .filter(({ name }) => input.logGroupNamePattern?.some((text) => matchesName(name, text)) ?? true)
          .filter((group) => input.logGroupClass === undefined || group.logGroupClass === input.logGroupClass)
          .filter((group) =>
            input.logGroupTags.every((filter) => passes(group, filter, options.untaggedPassesNegation)),
          );
        const found = page({ items, key: nameOf, limit: input.limit, token: input.nextToken });
        return {
          logGroups: found.items.map((group) => ({
            logGroupName: group.name,
            logGroupArn: arnOf(group),
            logGroupClass: group.logGroupClass,
          })),
          nextToken: found.nextToken,
        };
      },
    }),

    ListTagsForResource: operation({
      input: z.object({
        resourceArn: z
          .string()
          .min(1)
          .refine((arn) => !arn.endsWith(":*"), "must not end with :*"),
      }),
      access: (input) => ({ action: "logs:ListTagsForResource", resource: input.resourceArn }),
      limits: [perAccount(5)],
      run: ({ input, caller, region }): ListTagsForResourceResponse => {
        const group = groups.get(caller.account, region, nameFromIdentifier(input.resourceArn));
        return { tags: { ...group.tags } };
      },
    }),
  };
}

function matchesName(name: string, text: string): boolean {
  return text.startsWith("^") ? name.startsWith(text.slice(1)) : name.includes(text);
}

function briefDescription(group: LogGroup): LogGroupAnswer {
  return { logGroupName: group.name, arn: `${arnOf(group)}:*`, creationTime: group.createdAt };
}

function description(group: LogGroup): LogGroupAnswer {
  const events = group.streams.flatMap((stream) => stream.events);
  return {
    ...briefDescription(group),
    logGroupArn: arnOf(group),
    logGroupClass: group.logGroupClass,
    metricFilterCount: 0,
    storedBytes: events.reduce((bytes, { message }) => bytes + Buffer.byteLength(message), 0),
    ...(group.retentionInDays !== undefined && { retentionInDays: group.retentionInDays }),
    ...(group.kmsKeyId !== undefined && { kmsKeyId: group.kmsKeyId }),
    ...(group.dataProtected === true && { dataProtectionStatus: "ACTIVATED" }),
  };
}

import {
  CloudWatchLogsClient,
  type CloudWatchLogsClientConfig,
  DescribeExportTasksCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  ListLogGroupsCommand,
  type LogStream,
  type ExportTask as SdkExportTask,
  type LogGroup as SdkLogGroup,
} from "@aws-sdk/client-cloudwatch-logs";
import { z } from "zod";
import type { PlannedLogGroup } from "../archive/records";
import { AccountAccessDenied } from "../contract/errors";
import { clientConfiguration, type SessionCredentials } from "./configuration";
import { type RetrySource, withRetries } from "./retries";

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_ExportTaskStatus.html */
export const ExportTaskStatus = z.enum(["PENDING", "RUNNING", "PENDING_CANCEL", "COMPLETED", "FAILED", "CANCELLED"]);
export type ExportTaskStatus = z.infer<typeof ExportTaskStatus>;

/** Whether PENDING_CANCEL still holds the slot is not documented: taken to hold it, nothing is lost but a little time. */
const activeStatuses: readonly ExportTaskStatus[] = ["RUNNING", "PENDING", "PENDING_CANCEL"];

/** An export task as CloudWatch Logs describes it; times in epoch milliseconds. */
export interface ExportTask {
  readonly taskId: string;
  readonly taskName: string;
  readonly logGroup: string;
  readonly from: number;
  readonly to: number;
  readonly bucket: string;
  readonly destinationPrefix: string;
  readonly status: ExportTaskStatus;
  readonly message: string;
  readonly createdAt: number;
  /** Absent while the task is active. */
  readonly completedAt?: number;
}

export function isActive(task: ExportTask): boolean {
  return activeStatuses.includes(task.status);
}

/** The log group that was asked for is not there. */
export class LogGroupNotFound extends Error {
  override readonly name = "LogGroupNotFound";
}

/** The account refuses to show this log group, though it shows others. */
export class LogGroupDenied extends Error {
  override readonly name = "LogGroupDenied";
}

/** The largest page that DescribeLogGroups, DescribeLogStreams and DescribeExportTasks give. */
const pageSize = 50;

/** The largest page of ListLogGroups. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_ListLogGroups.html */
const tagPageSize = 1000;

/** What a log group's streams say about its newest event. */
export type NewestEvent =
  | { readonly kind: "at"; readonly timestamp: number }
  | { readonly kind: "no-streams" }
  | { readonly kind: "unknown" };

/** One account's CloudWatch Logs in one Region, as far as looking goes. */
export class Logs {
  private readonly client: CloudWatchLogsClient;

  constructor(
    region: string,
    credentials: SessionCredentials,
    private readonly source: RetrySource,
  ) {
    const configuration: CloudWatchLogsClientConfig = clientConfiguration(region, credentials);
    this.client = new CloudWatchLogsClient(configuration);
  }

  /**
   * Every log group of the account. A page may be empty and still carry a token.
   * @throws {AccountAccessDenied} when the account refuses to list them.
   */
  async *logGroups(): AsyncGenerator<PlannedLogGroup> {
    let token: string | undefined;
    do {
      const command = new DescribeLogGroupsCommand({ limit: pageSize, ...(token ? { nextToken: token } : {}) });
      const page = await withRetries(this.source, () => this.client.send(command)).catch(refused);
      for (const group of page.logGroups ?? []) yield toLogGroup(group);
      token = page.nextToken;
    } while (token);
  }

  /**
   * The names of the log groups that have a tag of exactly this value. A page may be empty and still carry a token. One call
   * per log group would take an hour for 20,000 of them: CloudWatch Logs does the filtering.
   * @throws {AccountAccessDenied} when the account refuses to list them.
   */
  async *logGroupsTagged({ key, value }: { key: string; value: string }): AsyncGenerator<string> {
    let token: string | undefined;
    do {
      const command = new ListLogGroupsCommand({
        logGroupTags: [{ key, values: [value] }],
        limit: tagPageSize,
        ...(token ? { nextToken: token } : {}),
      });
      const page = await withRetries(this.source, () => this.client.send(command)).catch(refused);
      for (const { logGroupName } of page.logGroups ?? []) if (logGroupName) yield logGroupName;
      token = page.nextToken;
    } while (token);
  }

  /**
   * The time of a log group's newest event, which CloudWatch Logs knows within an hour or so.
   * @throws {LogGroupNotFound} {@link LogGroupDenied}
   */
  async newestEvent(logGroup: string): Promise<NewestEvent> {
    const command = new DescribeLogStreamsCommand({
      logGroupName: logGroup,
      orderBy: "LastEventTime",
      descending: true,
      limit: 1,
    });
    let token: string | undefined;
    do {
      command.input.nextToken = token;
      const page = await withRetries(this.source, () => this.client.send(command)).catch(ofLogGroup(logGroup));
      const [newest] = page.logStreams ?? [];
      if (newest)
        return newest.lastEventTimestamp === undefined
          ? { kind: "unknown" }
          : { kind: "at", timestamp: newest.lastEventTimestamp };
      token = page.nextToken;
    } while (token);
    return { kind: "no-streams" };
  }

  /** @throws {LogGroupNotFound} {@link LogGroupDenied} */
  async *streamNames(logGroup: string): AsyncGenerator<string> {
    let token: string | undefined;
    do {
      const command = new DescribeLogStreamsCommand({
        logGroupName: logGroup,
        limit: pageSize,
        ...(token ? { nextToken: token } : {}),
      });
      const page = await withRetries(this.source, () => this.client.send(command)).catch(ofLogGroup(logGroup));
      yield* (page.logStreams ?? []).map((stream: LogStream) => stream.logStreamName ?? "");
      token = page.nextToken;
    } while (token);
  }

  /** The task, or undefined if CloudWatch Logs no longer lists it. */
  async exportTask(taskId: string): Promise<ExportTask | undefined> {
    const [task] = await this.describe({ taskId });
    return task;
  }

  /** The tasks that hold the account's slot: one at the most, as far as is known. */
  async activeExportTasks(): Promise<ExportTask[]> {
    const found: ExportTask[] = [];
    for (const statusCode of activeStatuses) found.push(...(await this.describe({ statusCode })));
    return found;
  }

  /** The newest tasks of every status, newest first: `pages` of 50 at the most, because an account may have tens of thousands. */
  async newestExportTasks(pages: number): Promise<ExportTask[]> {
    return this.describe({}, pages);
  }

  private async describe(
    filter: { taskId?: string; statusCode?: ExportTaskStatus },
    pages = Number.POSITIVE_INFINITY,
  ): Promise<ExportTask[]> {
    const found: ExportTask[] = [];
    let token: string | undefined;
    let read = 0;
    do {
      const command = new DescribeExportTasksCommand({
        ...filter,
        ...(filter.taskId ? {} : { limit: pageSize }),
        ...(token ? { nextToken: token } : {}),
      });
      const page = await withRetries(this.source, () => this.client.send(command)).catch(refused);
      found.push(...(page.exportTasks ?? []).map(toExportTask));
      token = page.nextToken;
      read += 1;
    } while (token && read < pages);
    return found;
  }
}

function refused(error: unknown): never {
  if (error instanceof Error && error.name === "AccessDeniedException")
    throw new AccountAccessDenied(error.message, { cause: error });
  throw error;
}

function ofLogGroup(logGroup: string): (error: unknown) => never {
  return (error) => {
    if (error instanceof Error && error.name === "ResourceNotFoundException")
      throw new LogGroupNotFound(`Log group ${logGroup} does not exist`, { cause: error });
    if (error instanceof Error && error.name === "AccessDeniedException")
      throw new LogGroupDenied(error.message, { cause: error });
    throw error;
  };
}

function toLogGroup(group: SdkLogGroup): PlannedLogGroup {
  const inherited = group.inheritedProperties?.includes("ACCOUNT_DATA_PROTECTION") ?? false;
  return {
    name: group.logGroupName ?? "",
    createdAt: group.creationTime ?? 0,
    logClass: group.logGroupClass ?? "STANDARD",
    ...(group.retentionInDays ? { retentionInDays: group.retentionInDays } : {}),
    masked: inherited || group.dataProtectionStatus === "ACTIVATED",
  };
}

function toExportTask(task: SdkExportTask): ExportTask {
  return {
    taskId: task.taskId ?? "",
    taskName: task.taskName ?? "",
    logGroup: task.logGroupName ?? "",
    from: task.from ?? 0,
    to: task.to ?? 0,
    bucket: task.destination ?? "",
    destinationPrefix: task.destinationPrefix ?? "",
    status: ExportTaskStatus.parse(task.status?.code),
    message: task.status?.message ?? "",
    createdAt: task.executionInfo?.creationTime ?? 0,
    ...(task.executionInfo?.completionTime === undefined ? {} : { completedAt: task.executionInfo.completionTime }),
  };
}

import {
  CloudWatchLogsClient,
  type CloudWatchLogsClientConfig,
  DescribeExportTasksCommand,
  type DescribeExportTasksCommandInput,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  ListLogGroupsCommand,
  type LogStream,
  type LogGroup as SdkLogGroup,
} from "@aws-sdk/client-cloudwatch-logs";
import type { PlannedLogGroup } from "../archive/records";
import { AccountAccessDenied } from "../contract/errors";
import { clientConfiguration, type SessionCredentials } from "./configuration";
import { activeStatuses, type ExportTask, toExportTask } from "./export-task";
import { faultOfAccount, faultOfLogGroup } from "./faults";
import { isThrottled, isUnknownOutcome, type RetrySource, withRetries } from "./retries";

/** The largest page that DescribeLogGroups, DescribeLogStreams and DescribeExportTasks give. */
const pageSize = 50;

/**
 * Between two pages of DescribeLogGroups, of which an account has ten a second for all who ask.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
 */
const betweenPagesMs = 200;

/** The largest page of ListLogGroups. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_ListLogGroups.html */
const tagPageSize = 1000;

/** What a log group's streams say about when it was last written to. */
export interface Activity {
  /** The newest of their time stamps: last event, last ingestion, creation (epoch milliseconds); -Infinity where there are none. */
  readonly newest: number;
  /** Whether no stream that was looked at lacks one of them. */
  readonly isCertain: boolean;
}

/** What the clients of several accounts can have in common. */
type Shared = Pick<
  CloudWatchLogsClientConfig,
  "requestHandler" | "useFipsEndpoint" | "useDualstackEndpoint" | "userAgentAppId" | "defaultUserAgentProvider"
>;

/**
 * Connections, and what the SDK reads from the environment and its files, for who looks at thousands of accounts: each on its own
 * would take two thirds of the CPU time.
 */
export function sharedByAccounts(region: string): Shared {
  const { config } = new CloudWatchLogsClient(clientConfiguration(region));
  const { requestHandler, useFipsEndpoint, useDualstackEndpoint, userAgentAppId, defaultUserAgentProvider } = config;
  return { requestHandler, useFipsEndpoint, useDualstackEndpoint, userAgentAppId, defaultUserAgentProvider };
}

/** A log group with what an export of it may need besides. */
export interface DescribedLogGroup extends PlannedLogGroup {
  /** ARN of the KMS key that encrypts it; absent: it has none. */
  readonly kmsKeyArn?: string;
}

/** When a log stream's events happened, as far as it tells (epoch milliseconds). */
export interface StreamTimes {
  readonly firstEvent?: number;
  readonly lastEvent?: number;
  readonly lastIngestion?: number;
}

/** One account's CloudWatch Logs in one Region, as far as looking goes. */
export class Logs {
  private readonly client: CloudWatchLogsClient;

  constructor(
    region: string,
    credentials: SessionCredentials,
    private readonly source: RetrySource,
    shared: Shared = {},
  ) {
    const configuration: CloudWatchLogsClientConfig = clientConfiguration(region, credentials);
    this.client = new CloudWatchLogsClient({ ...configuration, ...shared });
  }

  /**
   * Asks for a log group, whichever: that an account lets us look, and that it has enabled the Region, shows only here.
   * @throws {AccountAccessDenied} {@link RegionNotEnabled}
   */
  async probe(): Promise<void> {
    const command = new DescribeLogGroupsCommand({ limit: 1 });
    await withRetries(this.source, () => this.client.send(command)).catch(refused);
  }

  /**
   * Every log group of the account. A page may be empty and still carry a token.
   * @throws {AccountAccessDenied} when the account refuses to list them.
   */
  async *logGroups(): AsyncGenerator<PlannedLogGroup> {
    let token: string | undefined;
    do {
      if (token) await this.source.clock.sleep(betweenPagesMs);
      const command = new DescribeLogGroupsCommand({ limit: pageSize, ...(token ? { nextToken: token } : {}) });
      const page = await withRetries(this.source, () => this.client.send(command)).catch(refused);
      for (const group of page.logGroups ?? []) yield toLogGroup(group);
      token = page.nextToken;
    } while (token);
  }

  /**
   * The log group of a name; undefined where there is none. A page may be empty and still carry a token.
   * @throws {AccountAccessDenied} when the account refuses to list them.
   */
  async logGroup(name: string): Promise<DescribedLogGroup | undefined> {
    let token: string | undefined;
    do {
      if (token) await this.source.clock.sleep(betweenPagesMs);
      const command = new DescribeLogGroupsCommand({
        logGroupNamePrefix: name,
        limit: pageSize,
        ...(token ? { nextToken: token } : {}),
      });
      const page = await withRetries(this.source, () => this.client.send(command)).catch(refused);
      const found = page.logGroups?.find(({ logGroupName }) => logGroupName === name);
      if (found) return { ...toLogGroup(found), ...(found.kmsKeyId ? { kmsKeyArn: found.kmsKeyId } : {}) };
      token = page.nextToken;
    } while (token);
    return undefined;
  }

  /**
   * The times of a log group's streams, in the order of their last events: `pages` of 50 at the most.
   * @throws {LogGroupNotFound} {@link LogGroupDenied} {@link LogGroupRefused}
   */
  async streamTimes(logGroup: string, from: "newest" | "oldest", pages: number): Promise<StreamTimes[]> {
    const found: StreamTimes[] = [];
    const command = new DescribeLogStreamsCommand({
      logGroupName: logGroup,
      orderBy: "LastEventTime",
      descending: from === "newest",
      limit: pageSize,
    });
    for (let read = 0; read < pages; read += 1) {
      const page = await withRetries(this.source, () => this.client.send(command)).catch(ofLogGroup(logGroup));
      found.push(...(page.logStreams ?? []).map(toTimes));
      if (!page.nextToken) break;
      command.input.nextToken = page.nextToken;
    }
    return found;
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
   * When a log group was last written to, by the 50 streams that are listed first when those with the newest events go first.
   * One would not do: the times come late, and streams without any are listed in arbitrary order.
   * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_LogStream.html
   * @throws {LogGroupNotFound} {@link LogGroupDenied} {@link LogGroupRefused}
   */
  async activity(logGroup: string): Promise<Activity> {
    const command = new DescribeLogStreamsCommand({
      logGroupName: logGroup,
      orderBy: "LastEventTime",
      descending: true,
      limit: pageSize,
    });
    do {
      const page = await withRetries(this.source, () => this.client.send(command)).catch(ofLogGroup(logGroup));
      if (page.logStreams?.length) return activityOf(page.logStreams);
      command.input.nextToken = page.nextToken;
    } while (command.input.nextToken);
    return activityOf([]);
  }

  /** @throws {LogGroupNotFound} {@link LogGroupDenied} {@link LogGroupRefused} */
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

  /**
   * The task of a log group, or why there is none to be seen: CloudWatch Logs does not list it, or gives no answer for
   * longer than retries last, which says nothing about the task.
   * @throws {LogGroupRefused}
   */
  async exportTask(taskId: string, logGroup: string): Promise<ExportTask | "not-listed" | "no-answer"> {
    try {
      const { tasks } = await this.describePage({ taskId });
      return tasks[0] ?? "not-listed";
    } catch (error) {
      if (isUnknownOutcome(error)) return "no-answer";
      if (isDenied(error)) return refused(error);
      throw faultOfLogGroup(error, logGroup);
    }
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

  /** Every completed task, a page every half second: there may be tens of thousands, and others share the five calls a second. */
  async *completedExportTasks(): AsyncGenerator<ExportTask> {
    let nextToken: string | undefined;
    do {
      const page = await this.describePage({ statusCode: "COMPLETED", limit: pageSize, nextToken }).catch(refused);
      yield* page.tasks;
      nextToken = page.nextToken;
      if (nextToken) await this.source.clock.sleep(500);
    } while (nextToken);
  }

  private async describe(filter: DescribeExportTasksCommandInput, pages = Number.POSITIVE_INFINITY) {
    const found: ExportTask[] = [];
    let nextToken: string | undefined;
    let read = 0;
    do {
      const page = await this.describePage({ ...filter, limit: pageSize, nextToken }).catch(refused);
      found.push(...page.tasks);
      nextToken = page.nextToken;
      read += 1;
    } while (nextToken && read < pages);
    return found;
  }

  /** A single refusal, as while a role is being changed, must not end all that an account has left. */
  private async describePage(input: DescribeExportTasksCommandInput) {
    const isPassing = (error: unknown) => isThrottled(error) || isUnknownOutcome(error) || isDenied(error);
    const command = new DescribeExportTasksCommand(input);
    const { exportTasks = [], nextToken } = await withRetries(this.source, () => this.client.send(command), isPassing);
    return { tasks: exportTasks.map(toExportTask), nextToken };
  }
}

function isDenied(error: unknown): error is Error {
  return error instanceof Error && error.name === "AccessDeniedException";
}

/** Of a call about the account as a whole. */
function refused(error: unknown): never {
  if (isDenied(error)) throw new AccountAccessDenied(error.message, { cause: error });
  throw faultOfAccount(error) ?? error;
}

function ofLogGroup(logGroup: string): (error: unknown) => never {
  return (error) => {
    throw faultOfLogGroup(error, logGroup);
  };
}

function activityOf(streams: readonly LogStream[]): Activity {
  const times = streams.flatMap(({ lastEventTimestamp, lastIngestionTime, creationTime }) => [
    lastEventTimestamp,
    lastIngestionTime,
    creationTime,
  ]);
  const known = times.filter((time) => time !== undefined);
  return { newest: Math.max(...known), isCertain: known.length === times.length };
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

function toTimes({ firstEventTimestamp, lastEventTimestamp, lastIngestionTime }: LogStream): StreamTimes {
  return {
    ...(firstEventTimestamp === undefined ? {} : { firstEvent: firstEventTimestamp }),
    ...(lastEventTimestamp === undefined ? {} : { lastEvent: lastEventTimestamp }),
    ...(lastIngestionTime === undefined ? {} : { lastIngestion: lastIngestionTime }),
  };
}

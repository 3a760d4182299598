import { CloudWatchLogsClient, CreateExportTaskCommand } from "@aws-sdk/client-cloudwatch-logs";
import { clientConfiguration, type SessionCredentials } from "./configuration";
import { faultOfLogGroup, LogGroupDenied, LogGroupRefused } from "./faults";
import { isThrottled, isUnknownOutcome, type RetrySource, withRetries } from "./retries";

export interface ExportRequest {
  /** At most 512 characters. */
  readonly taskName: string;
  readonly logGroup: string;
  /** Epoch milliseconds. */
  readonly from: number;
  readonly to: number;
  readonly bucket: string;
  readonly destinationPrefix: string;
}

/** Another export task holds the account's slot. */
export class SlotTaken extends Error {
  override readonly name = "SlotTaken";
}

/** The answer was lost: a task may or may not have been created. Look before creating it again. */
export class OutcomeUnknown extends Error {
  override readonly name = "OutcomeUnknown";
}

/** CloudWatch Logs may not use the bucket: true of every log group of the account. */
export class BucketPermissionDenied extends Error {
  override readonly name = "BucketPermissionDenied";
}

/** The caller, our member role, may not write to the bucket: true of every log group of the account. */
export class CallerPermissionDenied extends Error {
  override readonly name = "CallerPermissionDenied";
}

/** The log group's KMS key refuses. */
export class KeyAccessDenied extends Error {
  override readonly name = "KeyAccessDenied";
}

/** Creates export tasks in one account and Region. The only client whose session may write to the archive bucket. */
export class ExportSlot {
  private readonly client: CloudWatchLogsClient;

  constructor(
    region: string,
    credentials: SessionCredentials,
    private readonly source: RetrySource,
  ) {
    this.client = new CloudWatchLogsClient(clientConfiguration(region, credentials));
  }

  /**
   * Creates an export task and returns its id. Repeated only while it is throttled, which is a certain no; there is no
   * idempotency token. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateExportTask.html
   * @throws {SlotTaken} {@link OutcomeUnknown} {@link BucketPermissionDenied} {@link CallerPermissionDenied}
   * {@link KeyAccessDenied} {@link LogGroupNotFound} {@link LogGroupDenied} {@link LogGroupRefused}
   */
  async create(request: ExportRequest): Promise<string> {
    const command = new CreateExportTaskCommand({
      taskName: request.taskName,
      logGroupName: request.logGroup,
      from: request.from,
      to: request.to,
      destination: request.bucket,
      destinationPrefix: request.destinationPrefix,
    });
    try {
      const { taskId } = await withRetries(this.source, () => this.client.send(command), isThrottled);
      if (!taskId) throw new OutcomeUnknown("CreateExportTask answered without a task id");
      return taskId;
    } catch (error) {
      throw outcomeOf(error, request.logGroup);
    }
  }
}

/** What became of the call, as an error. */
function outcomeOf(error: unknown, logGroup: string): unknown {
  if (!(error instanceof Error) || error instanceof OutcomeUnknown) return error;
  const options = { cause: error };
  if (error.name === "LimitExceededException") return new SlotTaken(error.message, options);
  // Two operations on one group at a time, or a conflict with what is there: looking again does no harm.
  if (["OperationAbortedException", "ResourceAlreadyExistsException"].includes(error.name) || isUnknownOutcome(error))
    return new OutcomeUnknown(error.message, options);
  const fault = faultOfLogGroup(error, logGroup);
  // The same refusal has come under several names: only the message tells. https://github.com/aws/amazon-ecs-agent/pull/5116
  const denied =
    fault instanceof LogGroupDenied || fault instanceof LogGroupRefused ? deniedBy(error.message, logGroup) : undefined;
  return denied ? new denied(error.message, options) : fault;
}

/**
 * What a message of CloudWatch Logs says was denied, and to whom; the messages of failed tasks are of the same kind. The log
 * group's own name, which may read like any of these words, does not count.
 */
export function deniedBy(
  message: string,
  logGroup: string,
): typeof BucketPermissionDenied | typeof CallerPermissionDenied | typeof KeyAccessDenied | undefined {
  const text = message.replaceAll(`log-group:${logGroup}`, "");
  if (/\bcaller\b.*(s3:|bucket)|not authorized to perform: s3:/i.test(text)) return CallerPermissionDenied;
  if (/GetBucketAcl|PutObject|given bucket|granted .*access to the bucket/i.test(text)) return BucketPermissionDenied;
  if (/kms:|KMS|encryption key/i.test(text)) return KeyAccessDenied;
  return undefined;
}

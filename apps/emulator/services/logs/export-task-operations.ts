import type {
  CreateExportTaskResponse,
  DescribeExportTasksResponse,
  ExportTask as ExportTaskAnswer,
} from "@aws-sdk/client-cloudwatch-logs";
import { z } from "zod";
import { bucketArn, objectArn } from "../../service/arn";
import type { Access, Principal } from "../../service/calls";
import { sourceContext } from "../../service/condition-keys";
import { logsErrors, ServiceError } from "../../service/errors";
import { page } from "../../service/pages";
import { type Operation, operation, type Request } from "../../service/service";
import { perAccount } from "../../service/throttle";
import type { LogGroup, World } from "../../world/world";
import type { Buckets } from "../s3/buckets";
import { type ExportTaskRecord, ExportTaskStatus, holdsSlot } from "./export-task-record";
import type { ExportTasks } from "./export-tasks";
import { arnOf, type LogGroups } from "./log-groups";

const logGroupName = z
  .string()
  .min(1)
  .max(512)
  .regex(/^[.\-_/#A-Za-z0-9]+$/);

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateExportTask.html */
const CreateExportTask = z.object({
  taskName: z.string().min(1).max(512).optional(),
  logGroupName,
  logStreamNamePrefix: z
    .string()
    .min(1)
    .max(512)
    .regex(/^[^:*]*$/)
    .optional(),
  from: z.number().int().nonnegative(),
  to: z.number().int().nonnegative(),
  destination: z.string().min(1).max(512),
  destinationPrefix: z.string().default("exportedlogs"),
});
type CreateExportTask = z.infer<typeof CreateExportTask>;

const DescribeExportTasks = z.object({
  taskId: z.string().min(1).max(512).optional(),
  statusCode: ExportTaskStatus.optional(),
  nextToken: z.string().optional(),
  limit: z.number().int().min(1).max(50).default(50),
});

/** The error by which CloudWatch Logs says that it may not use the bucket: users have seen both, with the same message. */
export type BucketDenial = "AccessDeniedException" | "InvalidParameterException";

export interface ExportTaskServices {
  readonly world: World;
  readonly groups: LogGroups;
  readonly tasks: ExportTasks;
  readonly buckets: Buckets;
  readonly bucketDenial: BucketDenial;
  readonly callerNeedsPutObjectAcl: boolean;
  readonly exportTaskListingDelayMs: number;
  readonly exportTaskOrder: "newest-first" | "by-id";
}

const putAcl = { "s3:x-amz-acl": "bucket-owner-full-control" };

export function exportTaskOperations(services: ExportTaskServices): Readonly<Record<string, Operation>> {
  const { groups, tasks, buckets } = services;

  /** @throws {ServiceError} what CreateExportTask answers to parameters that do not fit the account's state */
  function check({ input, caller, region }: Request<CreateExportTask>): LogGroup {
    if (input.from > input.to) throw logsErrors.invalid("The specified time range is invalid: from is later than to.");
    const group = groups.get(caller.account, region, input.logGroupName);
    if (group.logGroupClass === "DELIVERY")
      throw logsErrors.invalid("Log groups of class DELIVERY cannot be exported.");
    if (input.to < group.createdAt) {
      throw logsErrors.invalid(
        "The specified time range is invalid: to is earlier than the log group's creation time.",
      );
    }
    const bucket = buckets.find(input.destination);
    if (bucket === undefined)
      throw logsErrors.invalid("The given bucket does not exist. Please check the bucket's name.");
    if (bucket.region !== region)
      throw logsErrors.invalid("The given bucket is not in the same region as the log group.");
    return group;
  }

  /** Asks for every right that an export needs. */
  async function authorize(
    { input, caller, region, denial }: Request<CreateExportTask>,
    group: LogGroup,
  ): Promise<void> {
    const { destination, destinationPrefix } = input;
    const resourceAccount = buckets.get(destination).account;
    const put: Access = {
      action: "s3:PutObject",
      resource: objectArn(destination, `${destinationPrefix}/aws-logs-write-test`),
      resourceAccount,
      context: putAcl,
    };
    // AWS documents the second for buckets with access control lists only; users needed it elsewhere.
    for (const action of ["s3:PutObject", ...(services.callerNeedsPutObjectAcl ? ["s3:PutObjectAcl"] : [])]) {
      if ((await denial({ ...put, action })) === undefined) continue;
      throw refused(`Please ensure that the CreateExportTask caller has been granted ${action} access to the bucket.`);
    }
    if (group.kmsKeyId !== undefined) {
      const context = { "kms:ViaService": `logs.${region}.amazonaws.com` };
      const reason = await denial({ action: "kms:Decrypt", resource: group.kmsKeyId, context });
      if (reason !== undefined) throw logsErrors.denied(reason);
    }
    const service: Principal = { kind: "service", arn: `logs.${region}.amazonaws.com` };
    const source = sourceContext(services.world, caller.account, arnOf(group));
    const questions: readonly Access[] = [
      { action: "s3:GetBucketAcl", resource: bucketArn(destination), resourceAccount, context: source },
      { ...put, context: { ...source, ...putAcl } },
    ];
    for (const question of questions) {
      if ((await denial(question, service)) === undefined) continue;
      const operationName = question.action.slice("s3:".length);
      throw refused(
        `${operationName} call on the given bucket failed. Please check if CloudWatch Logs has been granted permission to perform this operation.`,
      );
    }
  }

  function refused(message: string): ServiceError {
    return new ServiceError(services.bucketDenial, message);
  }

  return {
    CreateExportTask: operation({
      input: CreateExportTask,
      access: (input, { caller, region }) => ({
        action: "logs:CreateExportTask",
        resource: `arn:aws:logs:${region}:${caller.account}:log-group:${input.logGroupName}`,
      }),
      limits: [perAccount(5)],
      run: async (request): Promise<CreateExportTaskResponse> => {
        const { input, caller, region, now, fault } = request;
        await authorize(request, check(request));
        // From here on nothing waits: two requests at a time cannot both find the slot free.
        if (tasks.isOccupied(caller.account, region)) {
          throw new ServiceError("LimitExceededException", "Resource limit exceeded.");
        }
        const body = Buffer.from("Permission Check Successful");
        buckets.put(input.destination, `${input.destinationPrefix}/aws-logs-write-test`, body, now);
        const created = tasks.create(
          {
            account: caller.account,
            region,
            name: input.taskName ?? null,
            group: input.logGroupName,
            from: input.from,
            to: input.to,
            created: now,
            logStreamNamePrefix: input.logStreamNamePrefix ?? null,
            destination: input.destination,
            destinationPrefix: input.destinationPrefix,
          },
          fault,
        );
        return { taskId: created.id };
      },
    }),

    DescribeExportTasks: operation({
      input: DescribeExportTasks,
      access: () => ({ action: "logs:DescribeExportTasks", resource: "*" }),
      limits: [perAccount(5)],
      run: ({ input, caller, region, now }): DescribeExportTasksResponse => {
        const { taskId, statusCode } = input;
        if (taskId !== undefined && statusCode !== undefined) {
          throw logsErrors.invalid("Only one of taskId and statusCode can be specified.");
        }
        const listed =
          taskId === undefined
            ? tasks.list(caller.account, region)
            : [tasks.find(caller.account, region, taskId)].filter((found) => found !== undefined);
        const items = listed
          .filter(({ created }) => created + services.exportTaskListingDelayMs <= now)
          .filter(({ status }) => statusCode === undefined || status === statusCode)
          .reverse();
        if (services.exportTaskOrder === "by-id") items.sort((a, b) => (a.id < b.id ? -1 : 1));
        const found = page({ items, key: ({ id }) => id, limit: input.limit, token: input.nextToken });
        return { exportTasks: found.items.map(description), nextToken: found.nextToken };
      },
    }),

    CancelExportTask: operation({
      input: z.object({ taskId: z.string().min(1).max(512) }),
      access: () => ({ action: "logs:CancelExportTask", resource: "*" }),
      limits: [perAccount(5)],
      run: ({ input, caller, region, now }) => {
        const found = tasks.find(caller.account, region, input.taskId);
        if (found === undefined) {
          throw new ServiceError("ResourceNotFoundException", "The specified export task does not exist.");
        }
        if (!holdsSlot(found) || found.status === "PENDING_CANCEL") {
          throw new ServiceError("InvalidOperationException", `Export task is in state ${found.status}.`);
        }
        tasks.cancel(found, now);
        return {};
      },
    }),
  };
}

function description(task: ExportTaskRecord): ExportTaskAnswer {
  return {
    taskId: task.id,
    ...(task.name !== null && { taskName: task.name }),
    logGroupName: task.group,
    from: task.from,
    to: task.to,
    destination: task.destination,
    destinationPrefix: task.destinationPrefix,
    status: { code: task.status, ...(task.message !== null && { message: task.message }) },
    executionInfo: {
      creationTime: task.created,
      ...(task.finished !== null && { completionTime: task.finished }),
    },
  };
}

import { gunzipSync } from "node:zlib";
import {
  type CloudWatchLogsClient,
  CreateExportTaskCommand,
  type CreateExportTaskCommandInput,
  DescribeExportTasksCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { bucket, day, type Emulated, member } from "../../support/organisation";

export const destinationPrefix = `${member}/2026-11-19`;

export function createExportTask(change: Partial<CreateExportTaskCommandInput> = {}): CreateExportTaskCommand {
  return new CreateExportTaskCommand({
    logGroupName: "/app/web",
    ...day,
    destination: bucket,
    destinationPrefix,
    ...change,
  });
}

export async function status(logs: CloudWatchLogsClient, taskId: string | undefined): Promise<string | undefined> {
  const { exportTasks } = await logs.send(new DescribeExportTasksCommand({ taskId }));
  return exportTasks?.[0]?.status?.code;
}

/** Creates a task, lets it end, and gives its objects: text by key below the task's prefix. */
export async function exported(
  { cloud, clock, logs }: Emulated,
  change: Partial<CreateExportTaskCommandInput> = {},
): Promise<Record<string, string>> {
  const { taskId } = await logs().send(createExportTask(change));
  clock.advance(3_600_000);
  cloud.catchUp();
  return objectsOf({ cloud }, taskId);
}

export function objectsOf({ cloud }: Pick<Emulated, "cloud">, taskId: string | undefined): Record<string, string> {
  const prefix = `${destinationPrefix}/${taskId}/`;
  const objects = [...cloud.s3.objects(bucket)].filter(({ key }) => key.startsWith(prefix));
  return Object.fromEntries(objects.map(({ key, body }) => [key.slice(prefix.length), gunzipSync(body).toString()]));
}

/** The error's name that a promise rejects with. */
export async function errorName(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => "no error",
    (error: unknown) => (error instanceof Error ? error.name : String(error)),
  );
}

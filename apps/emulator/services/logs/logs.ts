import { awsJson } from "../../protocols/aws-json";
import { logsErrors } from "../../service/errors";
import type { Service } from "../../service/service";
import type { Directory } from "../../storage/directory";
import type { World } from "../../world/world";
import type { Buckets } from "../s3/buckets";
import {
  type ExportedStream,
  eventBytes,
  exportObjects,
  selectEvents,
  streamFolder,
  type WindowReading,
} from "./export-objects";
import { type BucketDenial, exportTaskOperations } from "./export-task-operations";
import type { ExportTaskRecord } from "./export-task-record";
import { ExportTasks } from "./export-tasks";
import { logGroupOperations } from "./log-group-operations";
import { LogGroups } from "./log-groups";
import { logStreamOperations } from "./log-stream-operations";
import { LogsFiles } from "./logs-files";

/** What AWS leaves open, and the sizes that a test may want smaller. */
export interface LogsOptions {
  /** Event time, if absent. */
  readonly windowReading?: WindowReading;
  /** AccessDeniedException, if absent. */
  readonly bucketDenial?: BucketDenial;
  /** Whether it is demanded of an export task's creator: yes, if absent. */
  readonly callerNeedsPutObjectAcl?: boolean;
  /** Whether ListLogGroups' negated tag filters let groups without the tag pass: no, if absent. */
  readonly untaggedPassesNegation?: boolean;
  /** Bytes of log data in one object, before compression: 4 MiB, if absent. */
  readonly exportChunkBytes?: number;
  /** 512 KiB, if absent. */
  readonly exportBytesPerSecond?: number;
  /** How long after its nominal moment retention deletes events, in milliseconds: AWS says up to 72 hours; at once, if absent. */
  readonly retentionDelayMs?: number;
  /** How long after its creation an export task is listed, in milliseconds: at once, if absent. */
  readonly exportTaskListingDelayMs?: number;
  /** AWS documents no order: the newest first, if absent, or none that tells anything. */
  readonly exportTaskOrder?: "newest-first" | "by-id";
}

export interface LogsDependencies {
  readonly world: World;
  readonly seed: number;
  readonly buckets: Buckets;
  readonly directory: Directory | undefined;
  readonly options: LogsOptions;
}

const defaults: Required<LogsOptions> = {
  windowReading: "event-time",
  bucketDenial: "AccessDeniedException",
  callerNeedsPutObjectAcl: true,
  untaggedPassesNegation: false,
  exportChunkBytes: 4 * 1024 ** 2,
  exportBytesPerSecond: 512 * 1024,
  retentionDelayMs: 0,
  exportTaskListingDelayMs: 0,
  exportTaskOrder: "newest-first",
};

const maxKeyBytes = 1024;

/** CloudWatch Logs of all accounts and Regions. */
export class CloudWatchLogs {
  readonly groups: LogGroups;
  readonly service: Service;
  private readonly tasks: ExportTasks;
  private readonly buckets: Buckets;
  private readonly options: Required<LogsOptions>;

  constructor({ world, seed, buckets, directory, options }: LogsDependencies) {
    const files = directory && new LogsFiles(directory);
    files?.writeSource(world.logGroups);
    this.buckets = buckets;
    this.options = { ...defaults, ...options };
    const { exportBytesPerSecond } = this.options;
    this.groups = new LogGroups(world.logGroups);
    this.tasks = new ExportTasks(
      {
        seed,
        exportBytesPerSecond,
        bytesOf: (task, at) => eventBytes(this.events(task, at)),
        write: (task, part, at) => this.write(task, part, at),
        changed: () => files?.exportTasksChanged(this.tasks.all()),
      },
      files?.exportTasks() ?? [],
    );
    this.service = {
      protocol: awsJson,
      errors: logsErrors,
      operations: {
        ...logGroupOperations(this.groups, this.options),
        ...logStreamOperations(this.groups),
        ...exportTaskOperations({ world, groups: this.groups, tasks: this.tasks, buckets, ...this.options }),
      },
      catchUp: (now) => this.tasks.catchUp(now),
      flush: () => files?.flush(),
    };
  }

  /** Every export task, in the order of creation. */
  exportTasks(): readonly ExportTaskRecord[] {
    return this.tasks.all();
  }

  private events(task: ExportTaskRecord, at: number): ExportedStream[] {
    const group = this.groups.find(task.account, task.region, task.group);
    if (group === undefined) return [];
    const { from, to } = task;
    const { windowReading: reading, retentionDelayMs } = this.options;
    const logStreamNamePrefix = task.logStreamNamePrefix ?? undefined;
    return selectEvents({ group, from, to, logStreamNamePrefix, reading, at, retentionDelayMs });
  }

  private write(task: ExportTaskRecord, part: "all" | "half", at: number): string | undefined {
    const { exportChunkBytes } = this.options;
    if (this.groups.find(task.account, task.region, task.group) === undefined) return "The log group was deleted.";
    if (this.buckets.find(task.destination) === undefined) return "The bucket does not exist.";
    const prefix = `${task.destinationPrefix}/${task.id}`;
    const streams = this.events(task, task.started ?? task.created);
    const tooLong = streams.find(
      ({ name }) => Buffer.byteLength(`${prefix}/${streamFolder(name)}/000000.gz`) > maxKeyBytes,
    );
    if (tooLong !== undefined) return `The S3 key of log stream ${tooLong.name} is longer than ${maxKeyBytes} bytes.`;
    const objects = exportObjects(streams, exportChunkBytes);
    const count = part === "all" ? objects.length : Math.floor(objects.length / 2);
    for (const { key, body } of objects.slice(0, count))
      this.buckets.put(task.destination, `${prefix}/${key}`, body, at);
    return undefined;
  }
}

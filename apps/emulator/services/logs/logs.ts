import type { World } from "../../world";
import { logsErrors } from "../errors";
import type { Buckets } from "../s3/buckets";
import type { Service } from "../service";
import {
  bytesOf,
  type ExportedStream,
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

/** What AWS leaves open, and the sizes that a test may want smaller. */
export interface LogsOptions {
  readonly windowReading: WindowReading;
  readonly bucketDenial: BucketDenial;
  /** Whether ListLogGroups' negated tag filters let groups without the tag pass. */
  readonly untaggedPassesNegation: boolean;
  /** Bytes of log data in one object, before compression. */
  readonly exportChunkBytes: number;
  readonly exportBytesPerSecond: number;
}

export interface LogsDependencies extends LogsOptions {
  readonly world: World;
  readonly seed: number;
  readonly buckets: Buckets;
  readonly history: readonly ExportTaskRecord[];
  readonly changed: (tasks: readonly ExportTaskRecord[]) => void;
}

const maxKeyBytes = 1024;

/** CloudWatch Logs of all accounts and Regions. */
export class Logs {
  readonly groups: LogGroups;
  readonly service: Service;
  private readonly tasks: ExportTasks;

  constructor(private readonly dependencies: LogsDependencies) {
    const { world, seed, buckets, history, changed, exportBytesPerSecond, bucketDenial } = dependencies;
    this.groups = new LogGroups(world.logGroups);
    this.tasks = new ExportTasks(
      {
        seed,
        exportBytesPerSecond,
        bytesOf: (task, at) => bytesOf(this.events(task, at)),
        write: (task, part, at) => this.write(task, part, at),
        changed: () => changed(this.tasks.all()),
      },
      history,
    );
    this.service = {
      errors: logsErrors,
      operations: {
        ...logGroupOperations(this.groups, dependencies),
        ...logStreamOperations(this.groups),
        ...exportTaskOperations({ world, groups: this.groups, tasks: this.tasks, buckets, bucketDenial }),
      },
    };
  }

  /** Every export task, in the order of creation. */
  exportTasks(): readonly ExportTaskRecord[] {
    return this.tasks.all();
  }

  settle(now: number): void {
    this.tasks.settle(now);
  }

  private events(task: ExportTaskRecord, at: number): ExportedStream[] {
    const group = this.groups.find(task.account, task.region, task.group);
    if (group === undefined) return [];
    const { from, to } = task;
    const reading = this.dependencies.windowReading;
    return selectEvents({ group, from, to, logStreamNamePrefix: task.logStreamNamePrefix ?? undefined, reading, at });
  }

  private write(task: ExportTaskRecord, part: "all" | "half", at: number): string | undefined {
    const { buckets, exportChunkBytes } = this.dependencies;
    if (this.groups.find(task.account, task.region, task.group) === undefined) return "The log group was deleted.";
    if (buckets.find(task.destination) === undefined) return "The bucket does not exist.";
    const prefix = `${task.destinationPrefix}/${task.id}`;
    const streams = this.events(task, task.started ?? task.created);
    const tooLong = streams.find(
      ({ name }) => Buffer.byteLength(`${prefix}/${streamFolder(name)}/000000.gz`) > maxKeyBytes,
    );
    if (tooLong !== undefined) return `The S3 key of log stream ${tooLong.name} is longer than ${maxKeyBytes} bytes.`;
    const objects = exportObjects(streams, exportChunkBytes);
    const count = part === "all" ? objects.length : Math.floor(objects.length / 2);
    for (const { key, body } of objects.slice(0, count)) buckets.put(task.destination, `${prefix}/${key}`, body, at);
    return undefined;
  }
}

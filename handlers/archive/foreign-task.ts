/** An export task that is not ours and holds the slot of an account, as a reason names it. */
export interface ForeignTask {
  readonly taskId: string;
  readonly logGroup: string;
  /** When it was created; ISO 8601, UTC. */
  readonly since: string;
}

/** For the details of a reason. */
export function foreignTaskText({ taskId, logGroup, since }: ForeignTask): string {
  return `export task ${taskId} of log group ${logGroup} since ${since}`;
}

/** The export task that a reason names; undefined where it names none. */
export function foreignTaskIn(reason: string): ForeignTask | undefined {
  const [, taskId, logGroup, since] =
    /: export task (\S+) of log group (\S+) since (\d{4}-\d{2}-\d{2}T[\d:.]+Z)/.exec(reason) ?? [];
  return taskId && logGroup && since ? { taskId, logGroup, since } : undefined;
}

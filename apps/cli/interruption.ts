/**
 * What Ctrl-C ends before the process. DuckDB's threads ask this one for what they read: a process that ended in the middle of a
 * question would wait for them, and they for it.
 */
let stopWork = () => false;

/** @param work stops what the command is at, which then fails; false if nothing has to be stopped */
export function stopsBy(work: () => boolean): void {
  stopWork = work;
}

/** Stops what the command is at; false if the process can end at once. The second time it always can: a person insists. */
export function stop(): boolean {
  const work = stopWork;
  stopWork = () => false;
  return work();
}

import pMap from "p-map";
import { parseRunKey, plansPrefix } from "../../../handlers/archive/layout";
import { Plan } from "../../../handlers/archive/records";
import { parseRecord } from "../../../handlers/archive/serialization";
import { type ArchiveReader, readText } from "../../../handlers/archive/store";
import type { ExecutionState, Executions } from "../../../handlers/clients/executions";
import type { Clock } from "../../../handlers/clock";
import type { RunRequest } from "../../../handlers/contract/messages";
import { type RunState, readRunState } from "../status/run-state";

/** What runs of a Region are started and followed through. */
export interface RunPorts {
  readonly region: string;
  readonly executions: Pick<Executions, "start" | "describe">;
  readonly archive: ArchiveReader;
  readonly clock: Clock;
  readonly newRunId: () => string;
}

/** How one of a request's runs is, at a look. */
export interface Look {
  readonly region: string;
  readonly runId: string;
  /** Of the request's runs, from 1. */
  readonly piece: number;
  readonly pieces: number;
  readonly execution: ExecutionState;
  /** By its own records; absent until it has listed the accounts. */
  readonly run?: RunState;
  /** Log groups that were asked for, and that no account has: known when the run has ended. */
  readonly unknownLogGroups?: readonly string[];
}

/** Between two looks: dense at first, because what is wrong with a run's input shows within seconds. */
const waitsMs = [1_000, 2_000, 4_000, 8_000];
const longestWaitMs = 15_000;

/** Plans read at a time. */
const concurrency = 32;

/**
 * Starts a request's runs one after the other, each when the one before has ended, and looks at each until then. A run that its
 * time was not enough for is started again, as long as it gets on.
 * @returns how each of them ended
 */
export async function followRuns(
  pieces: readonly RunRequest[],
  ports: RunPorts,
  onLook: (look: Look) => Promise<void>,
): Promise<Look[]> {
  const ended: Look[] = [];
  for (const [index, request] of pieces.entries()) {
    let last: Look;
    // What a run leaves going archives nothing for it, and is the next one's: only two such runs are a standstill.
    let inVain = 0;
    do {
      const runId = ports.newRunId();
      await ports.executions.start(runId, request);
      last = await followRun(runId, request, { piece: index + 1, pieces: pieces.length }, ports, onLook);
      inVain = last.run?.archived === 0 ? inVain + 1 : 0;
    } while ((last.run?.outOfTime ?? 0) > 0 && inVain < 2);
    ended.push(last);
  }
  return ended;
}

async function followRun(
  runId: string,
  request: RunRequest,
  place: Pick<Look, "piece" | "pieces">,
  ports: RunPorts,
  onLook: (look: Look) => Promise<void>,
): Promise<Look> {
  const { region, executions, archive, clock } = ports;
  for (let looks = 0; ; looks += 1) {
    // Before the records, so that those of a run that has ended are all there.
    const execution = await executions.describe(runId);
    const run = await readRunState(archive, runId, clock.now());
    const hasEnded = execution.status !== "RUNNING";
    const unknownLogGroups = hasEnded && run ? await withoutAccount(request, runId, archive) : [];
    const look = {
      ...{ region, runId, ...place, execution },
      ...(run ? { run } : {}),
      ...(unknownLogGroups.length > 0 ? { unknownLogGroups } : {}),
    };
    await onLook(look);
    if (hasEnded) return look;
    await clock.sleep(waitsMs[looks] ?? longestWaitMs);
  }
}

async function withoutAccount({ logGroups = [] }: RunRequest, runId: string, archive: ArchiveReader) {
  const missing = new Set(logGroups);
  if (missing.size === 0) return [];
  const keys: string[] = [];
  for await (const { key } of archive.list(plansPrefix(runId))) if (parseRunKey(key)?.kind === "plan") keys.push(key);
  const remove = async (key: string) => {
    if (missing.size === 0) return;
    for (const { name } of parseRecord(Plan, key, await readText(archive, key)).logGroups) missing.delete(name);
  };
  await pMap(keys, remove, { concurrency });
  return [...missing];
}

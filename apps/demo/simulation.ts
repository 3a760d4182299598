import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { archiveBucketName, reportKey } from "../../handlers/archive/layout";
import { Report } from "../../handlers/archive/records";
import { parseRecord } from "../../handlers/archive/serialization";
import { dayWindow, exportLagMs } from "../../handlers/calendar/days";
import type { RunRequest } from "../../handlers/contract/messages";
import {
  type CallRecord,
  type DeployedSchedule,
  type Deployment,
  Emulator,
  type Execution,
  type ExecutionEvent,
  nextFiring,
  VirtualClock,
  type WindowReading,
  type World,
} from "../emulator";
import { readingFrom } from "./damaged-archive";
import { lastRecord, runsIn } from "./earlier-runs";
import type { Trouble } from "./faults";
import type { AccountProgress, ProgressView } from "./progress";

export interface SimulationOptions {
  /** `cdk.out` */
  readonly assemblyDirectory: string;
  /** `.emulator` */
  readonly directory: string;
  readonly world: World;
  readonly logArchiveAccount: string;
  readonly seed: number;
  /** The newest full day: the runs take place when it can be archived. */
  readonly lastDay: string;
  /** A run of its own for these days of one account. */
  readonly backfill?: { readonly account: string; readonly region: string; readonly days: readonly string[] };
  readonly progress: ProgressView;
  /** Whether the deployed policies decide who may do what: yes, if absent. */
  readonly evaluatePolicies?: boolean;
  /** IANA name of the zone of the archive's days: UTC, if absent. */
  readonly dayTimeZone?: string;
  /** What CreateExportTask's `from` and `to` mean: event time, if absent. */
  readonly windowReading?: WindowReading;
  readonly trouble?: Trouble;
}

/** A run that took place. */
export interface SimulatedRun {
  readonly region: string;
  readonly execution: Execution;
  /** Absent when the run died before it reported. */
  readonly report?: Report;
}

const minuteMs = 60_000;

/** Deploys the assembly into an emulated organisation and lets every schedule fire once. */
export async function simulate(options: SimulationOptions): Promise<SimulatedRun[]> {
  const { assemblyDirectory, directory, world, logArchiveAccount, seed } = options;
  const archivable = dayWindow(options.lastDay, options.dayTimeZone ?? "UTC").to + exportLagMs;
  const earlierRuns = runsIn(directory);
  const start = Math.max(archivable, lastRecord(directory) + minuteMs) + earlierRuns * minuteMs;
  const clock = new VirtualClock({ start });
  const names = new Map(world.accounts.map(({ id, name }) => [id, name]));
  const { progress } = options;
  const watch = new ProgressWatch(progress, names);
  const { trouble, windowReading = "event-time", evaluatePolicies = true } = options;
  const emulator = await Emulator.open({
    assembly: assemblyDirectory,
    world,
    clock,
    seed,
    logArchiveAccount,
    directory,
    evaluatePolicies,
    logs: { windowReading },
    onCall: (call) => watch.onCall(call),
    onEvent: (event) => watch.onEvent(event),
    ...(trouble && { authorize: (request) => trouble.authorize(request) }),
    ...(trouble && { faults: (call, cloud) => trouble.fault(call, cloud) }),
  });
  try {
    const { deployment, cloud } = emulator;
    const at = Math.min(...deployment.schedules.map((schedule) => firing(schedule, archivable)));
    await clock.sleep(at - clock.now());
    await trouble?.begin(cloud);
    const firstRuns = deployment.schedules.map(async (schedule) => ({
      region: schedule.region,
      execution: await startRun(deployment, schedule, firing(schedule, archivable), earlierRuns),
    }));
    const runs = await Promise.all(firstRuns);
    if (options.backfill) runs.push(await backfill(deployment, options.backfill, at, earlierRuns));
    cloud.catchUp();
    progress.finish();
    const s3 = join(directory, "s3");
    return runs.map((run) => ({ ...run, ...reportOf(s3, logArchiveAccount, run.region, run.execution.name) }));
  } finally {
    await emulator.close();
  }
}

function firing(schedule: DeployedSchedule, after: number): number {
  const at = nextFiring(schedule, after);
  if (at === undefined) throw new Error(`Schedule ${schedule.name} (${schedule.expression}) never fires again`);
  return at;
}

/** The scheduled run; over an archive that has had it already, a run of the same days under another name. */
function startRun(
  deployment: Deployment,
  schedule: DeployedSchedule,
  at: number,
  earlierRuns: number,
): Promise<Execution> {
  if (earlierRuns === 0) return deployment.fire(schedule, at);
  const request: RunRequest = { scheduledTime: new Date(at).toISOString() };
  const { stateMachineArn } = schedule;
  return deployment.startExecution({ stateMachineArn, name: `again-${earlierRuns}`, input: request });
}

async function backfill(
  deployment: Deployment,
  { account, region, days }: NonNullable<SimulationOptions["backfill"]>,
  at: number,
  earlierRuns: number,
): Promise<{ region: string; execution: Execution }> {
  const schedule = deployment.schedules.find((one) => one.region === region);
  if (!schedule) throw new Error(`No schedule in ${region}`);
  const request: RunRequest = { scheduledTime: new Date(at).toISOString(), accounts: [account], days: [...days] };
  const name = `log-files-${earlierRuns}`;
  const { stateMachineArn } = schedule;
  return { region, execution: await deployment.startExecution({ stateMachineArn, name, input: request }) };
}

function reportOf(s3: string, logArchiveAccount: string, region: string, runId: string): { report?: Report } {
  const bucket = archiveBucketName(logArchiveAccount, region);
  const key = reportKey(runId);
  const path = join(s3, bucket, ...key.split("/"));
  if (!existsSync(path)) return {};
  return { report: readingFrom(bucket, () => parseRecord(Report, key, readFileSync(path, "utf8"))) };
}

const ChildInput = z.object({ account: z.string() });
const Listed = z.object({ accounts: z.object({ count: z.number() }) });
const StepOutput = z.object({ logGroup: z.string().nullable(), done: z.number(), total: z.number() });

/** Turns what the state machines do into progress: a child execution is an account in a Region. */
class ProgressWatch {
  private readonly accounts = new Map<string, AccountProgress & { readonly ended?: true }>();

  constructor(
    private readonly view: ProgressView,
    private readonly names: ReadonlyMap<string, string>,
  ) {}

  /** A new export task shows where an account is while a step of its loop still works. */
  onCall({ operation, outcome, principal, region, input, at }: CallRecord): void {
    if (operation !== "CreateExportTask" || outcome !== "ok") return;
    for (const [execution, progress] of this.accounts) {
      if (progress.account !== principal.account || progress.region !== region || progress.ended) continue;
      const done = Math.min(progress.done + 1, progress.total);
      const moved = { ...progress, done, logGroup: String(input.logGroupName) };
      this.accounts.set(execution, moved);
      this.view.accountMoved(moved, at);
    }
  }

  onEvent(event: ExecutionEvent): void {
    if (event.type === "execution-started") {
      const input = ChildInput.safeParse(event.input);
      if (!event.parent || !input.success) return;
      const { account } = input.data;
      const region = event.executionArn.split(":")[3] ?? "";
      const name = this.names.get(account) ?? "";
      this.accounts.set(event.executionArn, { account, name, region, logGroup: null, done: 0, total: 0 });
    }
    if (event.type === "state-exited" && event.state === "ListAccounts")
      this.view.accountsListed(Listed.parse(event.output).accounts.count);
    const progress = this.accounts.get(event.executionArn);
    if (!progress) return;
    if (event.type === "state-exited") {
      const step = StepOutput.safeParse(event.output);
      if (!step.success) return;
      const moved = { ...progress, ...step.data };
      this.accounts.set(event.executionArn, moved);
      this.view.accountMoved(moved, event.at);
    }
    if (event.type === "execution-ended") {
      this.accounts.set(event.executionArn, { ...progress, ended: true });
      this.view.accountEnded(progress, event.status !== "SUCCEEDED", event.at);
    }
  }
}

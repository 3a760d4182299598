import { notRetried } from "../../../handlers/contract/errors";
import { historyOfStep } from "../../../handlers/contract/history";
import {
  type CaughtError,
  ListAccountsOutput,
  Progress,
  RecordCoverageOutput,
  ReportRunOutput,
  type Run,
} from "../../../handlers/contract/messages";
import { createHandler as listAccounts } from "../../../handlers/list-accounts";
import { createHandler as planExports } from "../../../handlers/plan-exports";
import { createHandler as recordCoverage } from "../../../handlers/record-coverage";
import { createHandler as reportRun } from "../../../handlers/report-run";
import { createHandler as runExportTasks } from "../../../handlers/run-export-tasks";
import type { Handler, Runtime } from "../../../handlers/runtime";
import type { Emulated } from "./emulated";
import { account, region } from "./examples";
import { bucket, externalId, rootId } from "./organisation";

const minute = 60_000;
/** As the state machine has them. */
const timeoutMs = 6 * minute;

export interface RunSetup {
  readonly runId?: string;
  /** What the schedule, or a person, sends. */
  readonly request?: object;
  readonly lookbackDays?: number;
  readonly schedule?: string;
  readonly dayTimeZone?: string;
  readonly targets?: object;
  readonly logGroups?: object;
  readonly foreignTaskWaitMinutes?: number;
  /** How many times longer a Wait state takes than it was asked to: brings long tasks to their end in fewer steps. */
  readonly waitsTake?: number;
  /** How often a state is tried: five times, as in the state machine, if absent. */
  readonly attempts?: number;
}

/** What a step returned, and when it began and ended (epoch milliseconds). */
export interface Step extends Progress {
  readonly began: number;
  readonly ended: number;
}

export interface AccountRun {
  readonly steps: readonly Step[];
  readonly outcome: RecordCoverageOutput;
}

/** The state machine of one run: calls the handlers in its order, with what it would pass them. */
export class RunFixture {
  private invocations = 0;
  private readonly runtime: Runtime;

  constructor(
    private readonly emulated: Emulated,
    private readonly setup: RunSetup = {},
  ) {
    const environment = {
      ARCHIVE_BUCKET: bucket,
      AWS_REGION: region,
      AWS_ENDPOINT_URL: process.env.AWS_ENDPOINT_URL,
      MEMBER_ROLE_NAME: "OrgLogArchiveMember",
      EXTERNAL_ID: externalId,
      PARTITION: "aws",
    };
    this.runtime = { environment, ...emulated.source };
  }

  /** The whole of a run, which goes on whatever becomes of an account's execution. */
  async run(): Promise<{ accounts: AccountRun[]; report: ReportRunOutput }> {
    const { accounts: list, ...run } = await this.listAccounts();
    const ids: string[] = JSON.parse(this.emulated.text(list.key));
    const accounts: AccountRun[] = [];
    for (const id of ids)
      await this.runAccount(run, id).then(
        (account) => accounts.push(account),
        () => {},
      );
    return { accounts, report: await this.reportRun(run) };
  }

  async listAccounts(): Promise<ListAccountsOutput> {
    const { runId = "run-1", request = {}, lookbackDays = 1, schedule = "cron(30 13 * * ? *)" } = this.setup;
    const { dayTimeZone = "UTC", targets = {} } = this.setup;
    const settings = {
      dayTimeZone,
      lookbackDays,
      schedule: { expression: schedule, timeZone: "UTC" },
      targets: { organizationalUnits: [rootId], excludeAccounts: ["200000000000"], ...targets },
    };
    const execution = { name: runId, startTime: new Date(this.emulated.clock.now()).toISOString() };
    return ListAccountsOutput.parse(await this.invoke(listAccounts, { execution, request, settings }));
  }

  /** An account's child execution: plans, steps until it is finished, and records; each with the state machine's retries. */
  async runAccount(run: Run, id = account): Promise<AccountRun> {
    const steps: Step[] = [];
    let historyEvents = 8;
    let error: CaughtError | null = null;
    try {
      let progress = await this.retried(() => this.planExports(run, id));
      while (progress.status !== "finished") {
        if (progress.status === "waiting")
          await this.emulated.clock.sleep(progress.waitSeconds * 1000 * (this.setup.waitsTake ?? 1));
        const { cursor } = progress;
        const step = await this.retried(() => this.step(run, cursor, id, historyEvents));
        historyEvents += historyOfStep;
        steps.push(step);
        progress = step;
      }
    } catch (thrown) {
      if (!(thrown instanceof Error)) throw thrown;
      error = { Error: thrown.name, Cause: JSON.stringify({ errorMessage: thrown.message }) };
    }
    return { steps, outcome: await this.retried(() => this.recordCoverage(run, id, error)) };
  }

  async planExports(run: Run, id = account): Promise<Progress> {
    return Progress.parse(
      await this.invoke(planExports, { run, account: id, settings: { logGroups: this.setup.logGroups ?? {} } }),
    );
  }

  async step(run: Run, cursor: Progress["cursor"], id = account, historyEvents = 8): Promise<Step> {
    const settings = { foreignTaskWaitMinutes: this.setup.foreignTaskWaitMinutes ?? 120 };
    const began = this.emulated.clock.now();
    const progress = Progress.parse(
      await this.invoke(runExportTasks, { run, account: id, cursor, historyEvents, settings }),
    );
    return { ...progress, began, ended: this.emulated.clock.now() };
  }

  async recordCoverage(run: Run, id = account, error: CaughtError | null = null): Promise<RecordCoverageOutput> {
    return RecordCoverageOutput.parse(await this.invoke(recordCoverage, { run, account: id, error }));
  }

  async reportRun(run: Run): Promise<ReportRunOutput> {
    return ReportRunOutput.parse(await this.invoke(reportRun, { run, error: null }));
  }

  private async retried<T>(call: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await call();
      } catch (error) {
        const isPermanent = error instanceof Error && notRetried.includes(error.name);
        if (isPermanent || attempt >= (this.setup.attempts ?? 5)) throw error;
        await this.emulated.clock.sleep(5_000);
      }
    }
  }

  private async invoke(createHandler: (runtime: Runtime) => Handler, event: unknown): Promise<unknown> {
    const { clock } = this.emulated;
    const endsAt = clock.now() + timeoutMs;
    this.invocations += 1;
    const invocation = {
      awsRequestId: `${this.setup.runId ?? "run-1"}-request-${this.invocations}`,
      getRemainingTimeInMillis: () => endsAt - clock.now(),
    };
    // Step Functions and Lambda pass JSON.
    return createHandler(this.runtime)(JSON.parse(JSON.stringify(event)), invocation);
  }
}

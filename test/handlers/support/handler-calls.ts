import type { ConfigurationInput } from "../../../constructs/configuration";
import { sha256Hex } from "../../../handlers/archive/hashing";
import {
  type CaughtError,
  ListAccountsOutput,
  Progress,
  RecordCoverageOutput,
  ReportRunOutput,
  type Run,
  SealProgress,
  SignDigestOutput,
} from "../../../handlers/contract/messages";
import { createHandler as listAccounts } from "../../../handlers/list-accounts";
import { createHandler as planExports } from "../../../handlers/plan-exports";
import { createHandler as recordCoverage } from "../../../handlers/record-coverage";
import { createHandler as reportRun } from "../../../handlers/report-run";
import { createHandler as runExportTasks } from "../../../handlers/run-export-tasks";
import type { Handler, Runtime } from "../../../handlers/runtime";
import { createHandler as sealAccount } from "../../../handlers/seal-account";
import { createHandler as signDigest } from "../../../handlers/sign-digest";
import type { Emulated } from "./emulated";
import { account, region } from "./examples";
import { bucket, configuration, externalId, signingKeyArn } from "./organisation";

const minute = 60_000;
/** As the state machine has them. */
const timeoutMs = 15 * minute;

type Configured =
  | "lookbackDays"
  | "dayTimeZone"
  | "logGroups"
  | "foreignTaskWaitMinutes"
  | "knownExceptions"
  | "maxConcurrentAccounts"
  | "encryption"
  | "objectLock"
  | "lifecycle"
  | "accessLogs";

export interface RunSetup extends Pick<ConfigurationInput, Configured> {
  readonly runId?: string;
  /** What the schedule, or a person, sends. */
  readonly request?: object;
  /** An expression, in UTC. */
  readonly schedule?: string;
  readonly targets?: Partial<ConfigurationInput["targets"]>;
}

/** What a step returned, and when it began and ended (epoch milliseconds). */
export interface Step extends Progress {
  readonly began: number;
  readonly ended: number;
}

/** Calls one handler at a time, from its sources, with what the state machine would pass it. */
export class HandlerCalls {
  /** Lines that the functions wrote to their logs. */
  readonly printed: string[] = [];
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
      SIGNING_KEY_ARN: signingKeyArn,
      CONFIGURATION_SHA256: sha256Hex("configuration"),
      CODE_SHA256: sha256Hex("code"),
    };
    this.runtime = { environment, ...emulated.source, print: (line) => this.printed.push(line) };
  }

  async listAccounts(): Promise<ListAccountsOutput> {
    const { runId = "run-1", request = {}, schedule } = this.setup;
    const { dayTimeZone = "UTC", lookbackDays = configuration.lookbackDays, targets } = this.setup;
    const settings = {
      dayTimeZone,
      lookbackDays,
      schedule: schedule === undefined ? configuration.schedule : { expression: schedule, timeZone: "UTC" },
      targets: { ...configuration.targets, ...targets },
    };
    const execution = { name: runId, startTime: new Date(this.emulated.clock.now()).toISOString() };
    return ListAccountsOutput.parse(await this.invoke(listAccounts, { execution, request, settings }));
  }

  async planExports(run: Run, id = account): Promise<Progress> {
    const settings = { logGroups: this.setup.logGroups ?? {} };
    return Progress.parse(await this.invoke(planExports, { run, account: id, settings }));
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
    return RecordCoverageOutput.parse(
      await this.invoke(recordCoverage, { run, account: id, error, settings: this.coverageSettings }),
    );
  }

  async reportRun(run: Run): Promise<ReportRunOutput> {
    return ReportRunOutput.parse(await this.invoke(reportRun, { run, error: null, settings: this.coverageSettings }));
  }

  /** The steps of an account's sealing, to its end. */
  async sealAccount(run: Run, id = account): Promise<SealProgress> {
    for (let cursor: SealProgress["cursor"] | null = null; ; ) {
      const input = { run, account: id, cursor };
      const progress: SealProgress = SealProgress.parse(await this.invoke(sealAccount, input));
      if (progress.status === "finished") return progress;
      cursor = progress.cursor;
    }
  }

  async signDigest(run: Run): Promise<SignDigestOutput> {
    return SignDigestOutput.parse(await this.invoke(signDigest, { run }));
  }

  private get coverageSettings() {
    return { knownExceptions: this.setup.knownExceptions ?? [] };
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

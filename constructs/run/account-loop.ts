import {
  Choice,
  Condition,
  Fail,
  type IChainable,
  type INextable,
  type State,
  Succeed,
  Wait,
  WaitTime,
} from "aws-cdk-lib/aws-stepfunctions";
import { Construct } from "constructs";
import { failures } from "../../handlers/contract/errors";
import { historyEvents, historyOfStep } from "../../handlers/contract/history";
import { CoverageSettings, PlanSettings, SlotSettings } from "../../handlers/contract/settings";
import type { RegionSettings } from "../configuration";
import type { HandlerFunctions } from "../functions/handler-functions";
import { handlerTask } from "./handler-task";
import { retries } from "./retries";
import { nothingSealed, sealingLoop } from "./sealing-loop";
import { settingsOf } from "./settings-of";

export interface AccountLoopProps {
  readonly functions: HandlerFunctions;
  readonly settings: RegionSettings;
}

/** What people see of every step. The cursor, which only machines read, is a variable. */
const progress = {
  status: "{% $states.result.Payload.status %}",
  logGroup: "{% $states.result.Payload.logGroup %}",
  taskId: "{% $states.result.Payload.taskId %}",
  done: "{% $states.result.Payload.done %}",
  total: "{% $states.result.Payload.total %}",
};
const position = {
  cursor: "{% $states.result.Payload.cursor %}",
  waitSeconds: "{% $states.result.Payload.waitSeconds %}",
};
/**
 * A child execution reads no variables but its own, and yet none of them may have the name of one of its parent's: the run
 * and what went wrong are called otherwise here.
 * https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
 */
const subjectOf = { run: "{% $accountRun %}", account: "{% $account %}" };
const subject = { accountRun: "{% $states.input.run %}", account: "{% $states.input.account %}" };
/** Retries included; of the two states between a step and the next, one may not be passed. */
const retried = `${historyEvents.retry} * $states.context.State.RetryCount`;
const beforeFirstStep = historyEvents.executionStarted + historyEvents.task + historyEvents.state;
const historyWhen = {
  planned: { historyEvents: `{% ${beforeFirstStep} + ${retried} %}` },
  stepped: { historyEvents: `{% $historyEvents + ${historyOfStep} + ${retried} %}` },
};
const caught = { accountError: "{% $states.errorOutput %}" };

/**
 * An account's child execution: input `{ account, run }`, output null. One export task at a time, a handful of events for minutes of
 * work, and coverage is recorded whatever happened before.
 */
export class AccountLoop extends Construct implements IChainable {
  readonly startState: State;
  readonly endStates: INextable[] = [];

  get id(): string {
    return this.node.id;
  }

  constructor(scope: Construct, id: string, { functions, settings }: AccountLoopProps) {
    super(scope, id);
    const recordCoverage = this.recordCoverage(functions, settings);
    const runExportTasks = handlerTask(this, "RunExportTasks", {
      handler: functions.runExportTasks,
      comment: "Exports log group after log group for a few minutes",
      payload: {
        run: "{% $accountRun %}",
        account: "{% $account %}",
        cursor: "{% $cursor %}",
        historyEvents: "{% $historyEvents %}",
        settings: settingsOf(SlotSettings, settings),
      },
      outputs: progress,
      assign: { ...position, ...historyWhen.stepped },
      retries: retries.exporting,
      onFailure: recordCoverage,
      assignOnFailure: caught,
    });
    const wait = Wait.jsonata(this, "WaitForExportTask", {
      comment: "The export task runs on by itself: waiting here is cheaper than in a function",
      time: WaitTime.seconds("{% $waitSeconds %}"),
    });
    const nextStep = new Choice(this, "NextStep", { comment: "Is there more to export, now or later?" })
      .when(Condition.jsonata("{% $states.input.status = 'more' %}"), runExportTasks, { comment: "now" })
      .when(Condition.jsonata("{% $states.input.status = 'waiting' %}"), wait, { comment: "later" })
      .otherwise(recordCoverage);
    runExportTasks.next(nextStep);
    wait.next(runExportTasks);
    const planExports = handlerTask(this, "PlanExports", {
      handler: functions.planExports,
      comment: "Plans what is not settled yet, what expires first before all else",
      payload: {
        run: "{% $states.input.run %}",
        account: "{% $states.input.account %}",
        settings: settingsOf(PlanSettings, settings),
      },
      outputs: progress,
      assign: { ...subject, ...position, ...historyWhen.planned, accountError: "{% null %}" },
      retries: retries.exporting,
      onFailure: recordCoverage,
      assignOnFailure: { ...subject, ...caught },
    });
    planExports.next(nextStep);
    this.startState = planExports;
  }

  private recordCoverage(functions: HandlerFunctions, settings: CoverageSettings): State {
    const outcome = Choice.jsonata(this, "AccountOutcome", { comment: "Is there anything to be cured?" })
      .when(
        Condition.jsonata("{% $failedItems + $states.input.notSealed = 0 %}"),
        Succeed.jsonata(this, "AccountIsClean", {
          comment: "Everything is sealed, empty or skipped; 10,000 accounts' outputs have to fit one state",
          outputs: "{% null %}",
        }),
      )
      .otherwise(
        Fail.jsonata(this, failures.accountHasFailures, {
          comment: "The account's coverage names what failed and why",
          error: failures.accountHasFailures,
          cause:
            "{% $string($failedItems) & ' items failed and ' & $string($states.input.notSealed) & ' could not be sealed in account ' & $account %}",
        }),
      );
    const recordCoverage = handlerTask(this, "RecordCoverage", {
      handler: functions.recordCoverage,
      comment: "Records what became of every item, whatever happened before",
      payload: { ...subjectOf, error: "{% $accountError %}", settings: settingsOf(CoverageSettings, settings) },
      outputs: "{% $states.result.Payload %}",
      assign: { ...nothingSealed, failedItems: "{% $states.result.Payload.failed %}" },
      retries: retries.recording,
      onFailure: Fail.jsonata(this, "CoverageIsNotRecorded", {
        comment: "The run's report closes the account",
        error: "{% $states.input.Error %}",
        cause: "{% $states.input.Cause & '' %}",
      }),
    });
    recordCoverage.next(sealingLoop(this, { functions, of: "Account", subject: subjectOf, next: outcome }));
    return recordCoverage;
  }
}

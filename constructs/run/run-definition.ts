import {
  Choice,
  Condition,
  DistributedMap,
  Fail,
  type IChainable,
  S3JsonItemReader,
  StateMachineType,
  Succeed,
} from "aws-cdk-lib/aws-stepfunctions";
import type { Construct } from "constructs";
import { failures } from "../../handlers/contract/errors";
import { CoverageSettings, RunSettings } from "../../handlers/contract/settings";
import { AccountLoop, type AccountLoopProps } from "./account-loop";
import { handlerTask } from "./handler-task";
import { retries } from "./retries";
import { settingsOf } from "./settings-of";

export interface RunDefinitionProps extends AccountLoopProps {
  /** Has the list of the accounts. */
  readonly bucketName: string;
}

/** A run: lists the accounts, exports them next to each other, reports. */
export function runDefinition(scope: Construct, props: RunDefinitionProps): IChainable {
  const forEachAccount = eachAccount(scope, props);
  const listAccounts = handlerTask(scope, "ListAccounts", {
    handler: props.functions.listAccounts,
    comment: "Decides the days, the deadline and the accounts",
    payload: {
      execution: {
        name: "{% $states.context.Execution.Name %}",
        startTime: "{% $states.context.Execution.StartTime %}",
      },
      request: "{% $states.input %}",
      settings: settingsOf(RunSettings, props.settings),
    },
    outputs: { accounts: "{% $states.result.Payload.accounts %}" },
    assign: {
      run: {
        runId: "{% $states.result.Payload.runId %}",
        startedAt: "{% $states.result.Payload.startedAt %}",
        deadline: "{% $states.result.Payload.deadline %}",
        days: "{% $states.result.Payload.days %}",
      },
      error: "{% null %}",
    },
    retries: retries.recording,
    onFailure: failedWith(scope, "AccountsAreNotListed", "Without accounts there is nothing to report on"),
  });
  const reportRun = report(scope, props);
  const anyAccounts = new Choice(scope, "AnyAccounts", { comment: "Is there any account to archive?" })
    .when(Condition.jsonata("{% $states.input.accounts.count > 0 %}"), forEachAccount)
    .otherwise(reportRun);
  // What failed children leave behind may exceed the result's 256 KiB, and only its name catches that. The accounts'
  // coverage says what happened: it is no error of the run's own.
  forEachAccount.addCatch(reportRun, { errors: ["States.DataLimitExceeded"] });
  forEachAccount.addCatch(reportRun, { assign: { error: "{% $states.errorOutput %}" } });
  forEachAccount.next(reportRun);
  return listAccounts.next(anyAccounts);
}

/** No Retry: it would start every account again. A child's failure is in its coverage and in the report. */
function eachAccount(scope: Construct, props: RunDefinitionProps): DistributedMap {
  return DistributedMap.jsonata(scope, "ForEachAccount", {
    comment: "One child execution per account; none stops another",
    label: "ForEachAccount",
    mapExecutionType: StateMachineType.STANDARD,
    maxConcurrency: props.settings.maxConcurrentAccounts,
    toleratedFailurePercentage: 100,
    // Named by a literal, because with a bucket the CDK would let the state machine read all of the archive.
    itemReader: new S3JsonItemReader({
      bucketNamePath: props.bucketName,
      key: "{% $states.input.accounts.key %}",
    }),
    itemSelector: { account: "{% $states.context.Map.Item.Value %}", run: "{% $run %}" },
    // What the accounts came to is in the archive bucket.
    outputs: "{% null %}",
  }).itemProcessor(new AccountLoop(scope, "Account", props));
}

function report(scope: Construct, { functions, settings }: AccountLoopProps) {
  const reportRun = handlerTask(scope, "ReportRun", {
    handler: functions.reportRun,
    comment: "Closes accounts whose execution died, and reports on the organisation",
    payload: { run: "{% $run %}", error: "{% $error %}", settings: settingsOf(CoverageSettings, settings) },
    outputs: "{% $states.result.Payload %}",
    retries: retries.recording,
    onFailure: failedWith(scope, "RunIsNotReported", "Without its report a run proves nothing"),
  });
  const outcome = Choice.jsonata(scope, "RunOutcome", { comment: "Is there anything to be cured?" })
    .when(
      Condition.jsonata("{% $states.input.status = 'complete' %}"),
      Succeed.jsonata(scope, "RunIsComplete", { comment: "Everything is exported, empty or skipped" }),
    )
    .otherwise(
      Fail.jsonata(scope, failures.runIsIncomplete, {
        comment: "The report names what failed and why; the next run tries again",
        error: failures.runIsIncomplete,
        cause: "{% $states.input.summary %}",
      }),
    );
  return reportRun.next(outcome);
}

function failedWith(scope: Construct, id: string, comment: string): Fail {
  return Fail.jsonata(scope, id, {
    comment,
    error: "{% $states.input.Error %}",
    cause: "{% $states.input.Cause & '' %}",
  });
}

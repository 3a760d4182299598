import { Duration } from "aws-cdk-lib";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import {
  Choice,
  Condition,
  DistributedMap,
  Fail,
  type IChainable,
  Pass,
  S3JsonItemReader,
  type State,
  StateMachineType,
  Succeed,
  TaskInput,
  type TaskStateBase,
  Timeout,
} from "aws-cdk-lib/aws-stepfunctions";
import { SnsPublish } from "aws-cdk-lib/aws-stepfunctions-tasks";
import type { Construct } from "constructs";
import { failures } from "../../handlers/contract/errors";
import { Run } from "../../handlers/contract/messages";
import { CoverageSettings, RunSettings } from "../../handlers/contract/settings";
import { AccountLoop, type AccountLoopProps } from "./account-loop";
import { handlerTask } from "./handler-task";
import { retries } from "./retries";
import { nothingSealed, sealingLoop } from "./sealing-loop";
import { settingsOf } from "./settings-of";

export interface RunDefinitionProps extends AccountLoopProps {
  /** Has the list of the accounts. */
  readonly bucketName: string;
  /** Is told of every run's end, if the settings say so. */
  readonly topic: ITopic;
}

/** A run: lists the accounts, exports them next to each other, reports. */
export function runDefinition(scope: Construct, props: RunDefinitionProps): IChainable {
  const forEachAccount = eachAccount(scope, props);
  const forEachFormerAccount = eachFormerAccount(scope, props);
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
      // All of what a run is, so that whatever is added to it crosses by itself.
      run: Object.fromEntries(
        Object.keys(Run.shape).map((member) => [member, `{% $states.result.Payload.${member} %}`]),
      ),
      formerAccounts: "{% $states.result.Payload.formerAccounts %}",
      error: "{% null %}",
    },
    retries: retries.recording,
    onFailure: failedWith(scope, "AccountsAreNotListed", "Without accounts there is nothing to report on"),
  });
  const reportRun = close(scope, props);
  const anyFormerAccounts = new Choice(scope, "AnyFormerAccounts", { comment: "Has any left, and has days to seal?" })
    .when(Condition.jsonata("{% $formerAccounts.count > 0 %}"), forEachFormerAccount)
    .otherwise(reportRun);
  const anyAccounts = new Choice(scope, "AnyAccounts", { comment: "Is there any account to archive?" })
    .when(Condition.jsonata("{% $states.input.accounts.count > 0 %}"), forEachAccount)
    .otherwise(anyFormerAccounts);
  // What failed children leave behind may exceed the result's 256 KiB, and only its name catches that. The accounts'
  // coverage says what happened: it is no error of the run's own.
  forEachAccount.addCatch(anyFormerAccounts, { errors: ["States.DataLimitExceeded"] });
  forEachFormerAccount.addCatch(reportRun, { errors: ["States.DataLimitExceeded"] });
  for (const map of [forEachAccount, forEachFormerAccount])
    map.addCatch(reportRun, { assign: { error: "{% $states.errorOutput %}" } });
  forEachAccount.next(anyFormerAccounts);
  forEachFormerAccount.next(reportRun);
  return listAccounts.next(anyAccounts);
}

function eachAccount(scope: Construct, props: RunDefinitionProps): DistributedMap {
  return accountMap(scope, "ForEachAccount", props, {
    comment: "One child execution per account; none stops another",
    key: "{% $states.input.accounts.key %}",
  }).itemProcessor(new AccountLoop(scope, "Account", props));
}

/**
 * Starts a child execution for each account of a list. No Retry: it would start every account again. A child's failure is in
 * its records and in the report.
 * @param list `key` is an expression for the list's key.
 */
function accountMap(
  scope: Construct,
  id: string,
  { bucketName, settings }: RunDefinitionProps,
  { comment, key }: { readonly comment: string; readonly key: string },
): DistributedMap {
  return DistributedMap.jsonata(scope, id, {
    comment,
    label: id,
    mapExecutionType: StateMachineType.STANDARD,
    maxConcurrency: settings.maxConcurrentAccounts,
    toleratedFailurePercentage: 100,
    // Named by a literal, because with a bucket the CDK would let the state machine read all of the archive.
    itemReader: new S3JsonItemReader({ bucketNamePath: bucketName, key }),
    itemSelector: { account: "{% $states.context.Map.Item.Value %}", run: "{% $run %}" },
    // What the accounts came to is in the archive bucket.
    outputs: "{% null %}",
  });
}

/** Seals what was archived of accounts that are not archived any more. */
function eachFormerAccount(scope: Construct, props: RunDefinitionProps): DistributedMap {
  const isSealed = Choice.jsonata(scope, "FormerAccountOutcome", { comment: "Is there anything to look at?" })
    .when(
      Condition.jsonata("{% $states.input.notSealed = 0 %}"),
      Succeed.jsonata(scope, "FormerAccountIsSealed", { comment: "All of the backlog's days", outputs: "{% null %}" }),
    )
    .otherwise(
      Fail.jsonata(scope, "FormerAccountHasFailures", {
        comment: "The report names what could not be sealed and why",
        error: failures.accountHasFailures,
        cause: "{% $string($states.input.notSealed) & ' could not be sealed in account ' & $formerAccount %}",
      }),
    );
  const subject = { run: "{% $formerAccountRun %}", account: "{% $formerAccount %}" };
  const seal = sealingLoop(scope, { functions: props.functions, of: "FormerAccount", subject, next: isSealed });
  const start = Pass.jsonata(scope, "FormerAccount", {
    comment: "A child execution has no variables but its own",
    assign: {
      ...nothingSealed,
      formerAccountRun: "{% $states.input.run %}",
      formerAccount: "{% $states.input.account %}",
    },
  });
  return accountMap(scope, "ForEachFormerAccount", props, {
    comment: "One child execution per account that has left, for the days that are still to be sealed",
    key: "{% $formerAccounts.key %}",
  }).itemProcessor(start.next(seal));
}

/** Closes a run: its report, its digest, the message about it, and how it ended. */
function close(scope: Construct, { functions, settings, topic }: RunDefinitionProps): State {
  const outcome = runOutcome(scope);
  const signDigest = handlerTask(scope, "SignDigest", {
    handler: functions.signDigest,
    comment: "Binds the run into the signed chain, complete or not",
    payload: { run: "{% $run %}" },
    outputs: "{% $merge([$report, $states.result.Payload]) %}",
    retries: retries.recording,
    onFailure: failedWith(scope, "RunIsNotSigned", "What is not signed may be changed unseen; the next run signs it"),
  });
  signDigest.next(settings.notify.everyRun ? tellRun(scope, topic).next(outcome) : outcome);
  const reportRun = handlerTask(scope, "ReportRun", {
    handler: functions.reportRun,
    comment: "Closes accounts whose execution died, and reports on the organisation",
    payload: { run: "{% $run %}", error: "{% $error %}", settings: settingsOf(CoverageSettings, settings) },
    outputs: "{% null %}",
    assign: { report: "{% $states.result.Payload %}" },
    retries: retries.recording,
    onFailure: signDigest,
    assignOnFailure: {
      report: {
        status: "unreported",
        summary: "{% 'The run has no report: ' & $states.errorOutput.Error & ' ' & $states.errorOutput.Cause %}",
      },
    },
  });
  reportRun.next(signDigest);
  return reportRun;
}

/** The head is told where the archive's administrators are not the only ones who have it. */
function tellRun(scope: Construct, topic: ITopic): TaskStateBase {
  const told = ["status", "summary", "report", "digest", "head", "loss"].map(
    (name) => `'${name}': $states.input.${name}`,
  );
  const task = SnsPublish.jsonata(scope, "TellRun", {
    comment: "Tells the topic how the run ended, and the head of the signed chain",
    topic,
    subject: "{% 'Log archive: run ' & $states.input.status %}",
    message: TaskInput.fromText(`{% $string({'runId': $run.runId, ${told.join(", ")}}) %}`),
    outputs: "{% $states.input %}",
    taskTimeout: Timeout.duration(Duration.minutes(1)),
  });
  for (const retry of retries.telling) task.addRetry(retry);
  return task.addCatch(failedWith(scope, "RunIsNotTold", "Only the archive itself has its head"));
}

function runOutcome(scope: Construct): Choice {
  const head = "' Head: ' & $states.input.head.sequence & ':' & $states.input.head.sha256";
  const cause = `{% $states.input.summary & ${head} & ($states.input.loss ? ' ' & $states.input.loss : '') %}`;
  return Choice.jsonata(scope, "RunOutcome", { comment: "Is there anything to be cured?" })
    .when(
      Condition.jsonata("{% $states.input.status = 'complete' and $states.input.loss %}"),
      Fail.jsonata(scope, failures.digestsAreLost, {
        comment: "What a lost digest proved, nothing proves until it is brought back",
        error: failures.digestsAreLost,
        cause,
      }),
    )
    .when(
      Condition.jsonata("{% $states.input.status = 'complete' %}"),
      Succeed.jsonata(scope, "RunIsComplete", { comment: "Everything is sealed, empty or skipped" }),
    )
    .when(
      Condition.jsonata("{% $states.input.status = 'unreported' %}"),
      Fail.jsonata(scope, failures.runIsNotReported, {
        comment: "Without its report a run proves nothing",
        error: failures.runIsNotReported,
        cause,
      }),
    )
    .otherwise(
      Fail.jsonata(scope, failures.runIsIncomplete, {
        comment: "The report names what failed and why; the next run tries again",
        error: failures.runIsIncomplete,
        cause,
      }),
    );
}

function failedWith(scope: Construct, id: string, comment: string): Fail {
  return Fail.jsonata(scope, id, {
    comment,
    error: "{% $states.input.Error %}",
    cause: "{% $states.input.Cause & '' %}",
  });
}

import { Choice, Condition, Fail, type IChainable, type State } from "aws-cdk-lib/aws-stepfunctions";
import type { Construct } from "constructs";
import type { HandlerFunctions } from "../functions/handler-functions";
import { handlerTask } from "./handler-task";
import { retries } from "./retries";

export interface SealingLoopProps {
  readonly functions: HandlerFunctions;
  /** What the states' names have in common, as no two states of a state machine may have the same. */
  readonly of: string;
  /** Expressions for the account and its run. */
  readonly subject: { readonly run: string; readonly account: string };
  /** Where the execution goes on when all is sealed that can be; its input has the number of what cannot: `notSealed`. */
  readonly next: IChainable;
}

/** Before the first step. */
export const nothingSealed = { sealCursor: "{% null %}" };

/** Seals an account: a step reads for as long as its function has time, and there are as many as it takes. */
export function sealingLoop(scope: Construct, { functions, of, subject, next }: SealingLoopProps): State {
  const sealAccount = handlerTask(scope, `Seal${of}`, {
    handler: functions.sealAccount,
    comment: "Reads what is archived and not sealed, once, and binds it by its hashes",
    payload: { ...subject, cursor: "{% $sealCursor %}" },
    outputs: {
      status: "{% $states.result.Payload.status %}",
      day: "{% $states.result.Payload.day %}",
      objects: "{% $states.result.Payload.objects %}",
      notSealed: "{% $states.result.Payload.notSealed %}",
    },
    assign: { sealCursor: "{% $states.result.Payload.cursor %}" },
    retries: retries.exporting,
    onFailure: Fail.jsonata(scope, `${of}IsNotSealed`, {
      comment: "The run's report names the account, and the next run seals it",
      error: "{% $states.input.Error %}",
      cause: "{% $states.input.Cause & '' %}",
    }),
  });
  const isMore = new Choice(scope, `Next${of}Seal`, { comment: "Is there more to seal?" })
    .when(Condition.jsonata("{% $states.input.status = 'more' %}"), sealAccount)
    .otherwise(next);
  sealAccount.next(isMore);
  return sealAccount;
}

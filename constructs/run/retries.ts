import { Duration } from "aws-cdk-lib";
import { Errors, JitterType, type RetryProps } from "aws-cdk-lib/aws-stepfunctions";
import { notRetried } from "../../handlers/contract/errors";

/** Retriers are tried in this order; the first whose errors match decides. */

/** Never: the same call would get the same answer. */
export const permanent: RetryProps = { errors: [...notRetried], maxAttempts: 0 };

/**
 * Lambda has no room: waits of at most 2, 4, 8 seconds and so on up to the longest, half of that on average. An account that is
 * new has as few as 10 concurrent executions, for any number of accounts to archive.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html
 */
function noRoom(longest: Duration, maxAttempts: number): RetryProps {
  return {
    errors: ["Lambda.TooManyRequestsException"],
    interval: Duration.seconds(2),
    backoffRate: 2,
    maxDelay: longest,
    maxAttempts,
    jitterStrategy: JitterType.FULL,
  };
}

/**
 * Lambda itself failed. Waits of at most 2, 4, 8, 16, 32 and then 60 seconds: 3 minutes in total on average, and at most 6.
 * https://docs.aws.amazon.com/step-functions/latest/dg/bp-lambda-serviceexception.html
 */
export const lambdaService: RetryProps = {
  errors: [
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
    "Lambda.ClientExecutionTimeoutException",
  ],
  interval: Duration.seconds(2),
  backoffRate: 2,
  maxDelay: Duration.seconds(60),
  maxAttempts: 10,
  jitterStrategy: JitterType.FULL,
};

/**
 * Anything else, a time-out or a crash for instance. Waits of at most 5, 15, 45 and 135 seconds: 100 seconds in total on
 * average, and at most 200, not counting the attempts themselves.
 */
export const anyFailure: RetryProps = {
  errors: [Errors.ALL],
  interval: Duration.seconds(5),
  backoffRate: 3,
  maxAttempts: 4,
  jitterStrategy: JitterType.FULL,
};

/**
 * For the many invocations that export, and the few that a run cannot do without. Both wait for room for hours, 8 and 5 on
 * average; of those that wait the one that asks more often gets it, so that exports never starve what records them.
 */
export const retries = {
  exporting: [permanent, noRoom(Duration.minutes(5), 200), lambdaService, anyFailure],
  telling: [anyFailure],
  recording: [permanent, noRoom(Duration.minutes(1), 600), lambdaService, anyFailure],
} as const satisfies Record<string, readonly RetryProps[]>;

import { Duration } from "aws-cdk-lib";
import { Errors, JitterType, type RetryProps } from "aws-cdk-lib/aws-stepfunctions";
import { notRetried } from "../../handlers/contract/errors";

/** Retriers are tried in this order; the first whose errors match decides. */

/** Never: the same call would get the same answer. */
export const permanent: RetryProps = { errors: [...notRetried], maxAttempts: 0 };

/**
 * Lambda itself failed or has no room. Waits of at most 2, 4, 8, 16, 32 and then 60 seconds: up to 6 minutes in total.
 * https://docs.aws.amazon.com/step-functions/latest/dg/bp-lambda-serviceexception.html
 */
export const lambdaService: RetryProps = {
  errors: [
    "Lambda.TooManyRequestsException",
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
 * Anything else, a time-out or a crash for instance. Waits of at most 5, 15, 45 and 135 seconds: up to 3 minutes 20 seconds
 * in total, not counting the attempts themselves.
 */
export const anyFailure: RetryProps = {
  errors: [Errors.ALL],
  interval: Duration.seconds(5),
  backoffRate: 3,
  maxAttempts: 4,
  jitterStrategy: JitterType.FULL,
};

export const retries = [permanent, lambdaService, anyFailure] as const;

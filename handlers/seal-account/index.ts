import { ArchiveEnvironment } from "../contract/environment";
import { SealAccountInput } from "../contract/messages";
import { defineHandler } from "../define-handler";
import { lambdaRuntime } from "../runtime";
import { sealAccount } from "./seal-account";

export const createHandler = defineHandler({
  event: SealAccountInput,
  environment: ArchiveEnvironment,
  run: (input, { region, archive, clock, invocation }) =>
    sealAccount(input, {
      region,
      archive,
      clock,
      requestId: invocation.awsRequestId,
      remainingMs: () => invocation.getRemainingTimeInMillis(),
    }),
});

export const handler = createHandler(lambdaRuntime);

import { SigningKey } from "../clients/signing-key";
import { SignDigestEnvironment } from "../contract/environment";
import { SignDigestInput, type SignDigestOutput } from "../contract/messages";
import { defineHandler } from "../define-handler";
import { lambdaRuntime } from "../runtime";
import { copiesIn } from "./copies";
import { signDigest } from "./sign-digest";

export const createHandler = defineHandler({
  event: SignDigestInput,
  environment: SignDigestEnvironment,
  run: (
    { run },
    { environment, region, archive, clock, source, invocation, openBucket },
  ): Promise<SignDigestOutput> => {
    const { SIGNING_KEY_ARN, CONFIGURATION_SHA256, CODE_SHA256, DIGEST_COPIES_BUCKET: bucket } = environment;
    return signDigest(run.runId, {
      region,
      archive,
      copies: bucket === undefined ? undefined : copiesIn(openBucket(bucket), archive.bucket),
      clock,
      signer: new SigningKey(SIGNING_KEY_ARN, source),
      deployed: { configurationSha256: CONFIGURATION_SHA256, codeSha256: CODE_SHA256 },
      remainingMs: () => invocation.getRemainingTimeInMillis(),
    });
  },
});

export const handler = createHandler(lambdaRuntime);

import { writeAccountCoverage } from "../archive/account-coverage";
import { Archive } from "../archive/s3-store";
import { retrySource } from "../clients/configuration";
import { ArchiveEnvironment, parseEnvironment, parseEvent } from "../contract/environment";
import { RecordCoverageInput, type RecordCoverageOutput } from "../contract/messages";
import { type Handler, lambdaRuntime, type Runtime } from "../runtime";

export function createHandler(runtime: Runtime): Handler {
  return async (event): Promise<RecordCoverageOutput> => {
    const environment = parseEnvironment(ArchiveEnvironment, runtime.environment);
    const input = parseEvent(RecordCoverageInput, event);
    const region = environment.AWS_REGION;
    const archive = new Archive(region, environment.ARCHIVE_BUCKET, retrySource(runtime), runtime.environment);
    const { account, counts } = await writeAccountCoverage(input, { region, clock: runtime.clock, archive });
    return { account, status: counts.failed > 0 ? "failed" : "clean", ...counts };
  };
}

export const handler = createHandler(lambdaRuntime);

import { Archive } from "../clients/archive";
import { retrySource } from "../clients/configuration";
import { ArchiveEnvironment, parseEnvironment, parseEvent } from "../contract/environment";
import { ReportRunInput } from "../contract/messages";
import { type Handler, lambdaRuntime, type Runtime } from "../runtime";
import { reportRun } from "./report-run";

export function createHandler(runtime: Runtime): Handler {
  return async (event) => {
    const environment = parseEnvironment(ArchiveEnvironment, runtime.environment);
    const input = parseEvent(ReportRunInput, event);
    const region = environment.AWS_REGION;
    const archive = new Archive(region, environment.ARCHIVE_BUCKET, retrySource(runtime), runtime.environment);
    return reportRun(input, { region, clock: runtime.clock, archive });
  };
}

export const handler = createHandler(lambdaRuntime);

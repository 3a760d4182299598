import { Archive } from "../archive/s3-store";
import { retrySource } from "../clients/configuration";
import { ArchiveEnvironment, parseEnvironment, parseEvent } from "../contract/environment";
import { ReportRunInput, type ReportRunOutput } from "../contract/messages";
import { type Handler, lambdaRuntime, type Runtime } from "../runtime";
import { reportMetrics } from "./metrics";
import { reportOutput } from "./report";
import { reportRun } from "./report-run";

/** @param print writes a line to the function's log as it is. */
export function createHandler(runtime: Runtime, print: (line: string) => void = () => {}): Handler {
  return async (event): Promise<ReportRunOutput> => {
    const environment = parseEnvironment(ArchiveEnvironment, runtime.environment);
    const input = parseEvent(ReportRunInput, event);
    const region = environment.AWS_REGION;
    const archive = new Archive(region, environment.ARCHIVE_BUCKET, retrySource(runtime), runtime.environment);
    const report = await reportRun(input, { region, clock: runtime.clock, archive });
    print(JSON.stringify(reportMetrics(report)));
    return reportOutput(report);
  };
}

// Lambda's console would put a time stamp before the line, and CloudWatch reads metrics only from a line that is all JSON.
export const handler = createHandler(lambdaRuntime, (line) => process.stdout.write(`${line}\n`));

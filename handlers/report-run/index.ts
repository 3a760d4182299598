import { ArchiveEnvironment } from "../contract/environment";
import { ReportRunInput, type ReportRunOutput } from "../contract/messages";
import { defineHandler } from "../define-handler";
import { type Handler, lambdaRuntime, type Runtime } from "../runtime";
import { reportMetrics } from "./metrics";
import { reportOutput } from "./report";
import { reportRun } from "./report-run";

/** @param print writes a line to the function's log as it is. */
export function createHandler(runtime: Runtime, print: (line: string) => void = () => {}): Handler {
  return defineHandler({
    event: ReportRunInput,
    environment: ArchiveEnvironment,
    run: async (input, { region, clock, archive }): Promise<ReportRunOutput> => {
      const report = await reportRun(input, { region, clock, archive });
      print(JSON.stringify(reportMetrics(report)));
      return reportOutput(report);
    },
  })(runtime);
}

// Lambda's console would put a time stamp before the line, and CloudWatch reads metrics only from a line that is all JSON.
export const handler = createHandler(lambdaRuntime, (line) => process.stdout.write(`${line}\n`));

import { ArchiveEnvironment } from "../contract/environment";
import { ReportRunInput, type ReportRunOutput } from "../contract/messages";
import { defineHandler } from "../define-handler";
import { lambdaRuntime } from "../runtime";
import { reportMetrics } from "./metrics";
import { reportOutput } from "./report";
import { reportRun } from "./report-run";

export const createHandler = defineHandler({
  event: ReportRunInput,
  environment: ArchiveEnvironment,
  run: async (input, { region, clock, archive, print }): Promise<ReportRunOutput> => {
    const report = await reportRun(input, { region, clock, archive });
    print(JSON.stringify(reportMetrics(report)));
    return reportOutput(report);
  },
});

export const handler = createHandler(lambdaRuntime);

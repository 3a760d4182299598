import { writeAccountCoverage } from "../archive/account-coverage";
import { ArchiveEnvironment } from "../contract/environment";
import { RecordCoverageInput, type RecordCoverageOutput } from "../contract/messages";
import { defineHandler } from "../define-handler";
import { lambdaRuntime } from "../runtime";

export const createHandler = defineHandler({
  event: RecordCoverageInput,
  environment: ArchiveEnvironment,
  run: async (input, { region, clock, archive, emit }): Promise<RecordCoverageOutput> => {
    const { account, counts, plannedAt, at } = await writeAccountCoverage(input, { region, clock, archive });
    if (plannedAt) emit({ AccountSeconds: (Date.parse(at) - Date.parse(plannedAt)) / 1000 }, { account });
    return { account, status: counts.failed > 0 ? "failed" : "clean", ...counts };
  },
});

export const handler = createHandler(lambdaRuntime);

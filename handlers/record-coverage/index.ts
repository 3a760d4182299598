import { writeAccountCoverage } from "../archive/account-coverage";
import { ArchiveEnvironment } from "../contract/environment";
import { RecordCoverageInput, type RecordCoverageOutput } from "../contract/messages";
import { defineHandler } from "../define-handler";
import { lambdaRuntime } from "../runtime";

export const createHandler = defineHandler({
  event: RecordCoverageInput,
  environment: ArchiveEnvironment,
  run: async (input, { region, clock, archive }): Promise<RecordCoverageOutput> => {
    const { account, counts } = await writeAccountCoverage(input, { region, clock, archive });
    return { account, status: counts.failed > 0 ? "failed" : "clean", ...counts };
  },
});

export const handler = createHandler(lambdaRuntime);

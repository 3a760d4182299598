import { Organizations } from "../clients/organizations";
import { ArchiveEnvironment } from "../contract/environment";
import { ListAccountsInput } from "../contract/messages";
import { defineHandler } from "../define-handler";
import { lambdaRuntime } from "../runtime";
import { listAccounts, sealingLagDays } from "./list-accounts";

export const createHandler = defineHandler({
  event: ListAccountsInput,
  environment: ArchiveEnvironment,
  run: async (input, { region, source, archive, emit }) => {
    const run = await listAccounts(input, new Organizations(region, source), archive);
    const lag = sealingLagDays(input.request, run);
    if (lag !== undefined) emit({ SealingLagDays: lag }, { runId: run.runId });
    return run;
  },
});

export const handler = createHandler(lambdaRuntime);

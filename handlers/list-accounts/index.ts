import { Organizations } from "../clients/organizations";
import { ArchiveEnvironment } from "../contract/environment";
import { ListAccountsInput } from "../contract/messages";
import { defineHandler } from "../define-handler";
import { lambdaRuntime } from "../runtime";
import { listAccounts } from "./list-accounts";

export const createHandler = defineHandler({
  event: ListAccountsInput,
  environment: ArchiveEnvironment,
  run: (input, { region, source, archive }) => listAccounts(input, new Organizations(region, source), archive),
});

export const handler = createHandler(lambdaRuntime);

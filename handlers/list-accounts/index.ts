import { Archive } from "../archive/s3-store";
import { retrySource } from "../clients/configuration";
import { Organizations } from "../clients/organizations";
import { ArchiveEnvironment, parseEnvironment, parseEvent } from "../contract/environment";
import { ListAccountsInput } from "../contract/messages";
import { type Handler, lambdaRuntime, type Runtime } from "../runtime";
import { listAccounts } from "./list-accounts";

export function createHandler(runtime: Runtime): Handler {
  return async (event) => {
    const environment = parseEnvironment(ArchiveEnvironment, runtime.environment);
    const input = parseEvent(ListAccountsInput, event);
    const source = retrySource(runtime);
    const archive = new Archive(environment.AWS_REGION, environment.ARCHIVE_BUCKET, source, runtime.environment);
    return listAccounts(input, new Organizations(environment.AWS_REGION, source), archive);
  };
}

export const handler = createHandler(lambdaRuntime);

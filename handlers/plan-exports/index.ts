import { Archive } from "../archive/s3-store";
import { retrySource } from "../clients/configuration";
import { Logs } from "../clients/logs";
import { MemberSessions } from "../clients/member-sessions";
import { MemberEnvironment, memberRole, parseEnvironment, parseEvent } from "../contract/environment";
import { PlanExportsInput } from "../contract/messages";
import { type Handler, lambdaRuntime, type Runtime } from "../runtime";
import { planExports } from "./plan-exports";

export function createHandler(runtime: Runtime): Handler {
  return async (event) => {
    const environment = parseEnvironment(MemberEnvironment, runtime.environment);
    const input = parseEvent(PlanExportsInput, event);
    const source = retrySource(runtime);
    const region = environment.AWS_REGION;
    const sessions = new MemberSessions(region, memberRole(environment), input.run.runId, source);
    const logs = new Logs(region, await sessions.assume(input.account, "look"), source);
    const archive = new Archive(region, environment.ARCHIVE_BUCKET, source, runtime.environment);
    return planExports(input, { region, clock: runtime.clock, archive, logs });
  };
}

export const handler = createHandler(lambdaRuntime);

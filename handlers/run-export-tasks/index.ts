import { Archive } from "../archive/s3-store";
import { retrySource } from "../clients/configuration";
import { ExportSlot } from "../clients/export-slot";
import { Logs } from "../clients/logs";
import { MemberSessions } from "../clients/member-sessions";
import { MemberEnvironment, memberRole, parseEnvironment, parseEvent } from "../contract/environment";
import { RunExportTasksInput } from "../contract/messages";
import { type Handler, lambdaRuntime, type Runtime } from "../runtime";
import { runExportTasks } from "./run-export-tasks";

export function createHandler(runtime: Runtime): Handler {
  return async (event, invocation) => {
    const environment = parseEnvironment(MemberEnvironment, runtime.environment);
    const input = parseEvent(RunExportTasksInput, event);
    const source = retrySource(runtime);
    const region = environment.AWS_REGION;
    const sessions = new MemberSessions(region, memberRole(environment), input.run.runId, source);
    let slot: ExportSlot | undefined;
    const ports = {
      archive: new Archive(region, environment.ARCHIVE_BUCKET, source, runtime.environment),
      logs: new Logs(region, await sessions.assume(input.account, "look"), source),
      clock: runtime.clock,
      openSlot: async () => {
        slot ??= new ExportSlot(region, await sessions.assume(input.account, "export"), source);
        return slot;
      },
      remainingMs: () => invocation.getRemainingTimeInMillis(),
    };
    return runExportTasks(input, ports, invocation.awsRequestId);
  };
}

export const handler = createHandler(lambdaRuntime);

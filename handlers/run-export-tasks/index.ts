import { ExportSlot } from "../clients/export-slot";
import { Logs } from "../clients/logs";
import { MemberSessions } from "../clients/member-sessions";
import { MemberEnvironment, memberRole } from "../contract/environment";
import { RunExportTasksInput } from "../contract/messages";
import { defineHandler } from "../define-handler";
import { lambdaRuntime } from "../runtime";
import { runExportTasks } from "./run-export-tasks";

export const createHandler = defineHandler({
  event: RunExportTasksInput,
  environment: MemberEnvironment,
  run: async (input, { environment, region, archive, clock, source, invocation }) => {
    const sessions = new MemberSessions(region, memberRole(environment), input.run.runId, source);
    let slot: ExportSlot | undefined;
    const ports = {
      archive,
      logs: new Logs(region, await sessions.assume(input.account, "look"), source),
      clock,
      openSlot: async () => {
        slot ??= new ExportSlot(region, await sessions.assume(input.account, "export"), source);
        return slot;
      },
      remainingMs: () => invocation.getRemainingTimeInMillis(),
    };
    return runExportTasks(input, ports, invocation.awsRequestId);
  },
});

export const handler = createHandler(lambdaRuntime);

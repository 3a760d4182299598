import type { Receipt } from "../archive/records";
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
  run: async (input, { environment, region, archive, clock, source, invocation, emit }) => {
    const sessions = new MemberSessions(region, memberRole(environment), input.run.runId, source);
    let slot: ExportSlot | undefined;
    let slotMs = 0;
    const ports = {
      archive,
      logs: new Logs(region, await sessions.assume(input.account, "look"), source),
      clock,
      openSlot: async () => {
        slot ??= new ExportSlot(region, await sessions.assume(input.account, "export"), source);
        return slot;
      },
      remainingMs: () => invocation.getRemainingTimeInMillis(),
      onReceipt: ({ tasks }: Receipt) => {
        for (const { createdAt, completedAt } of tasks) slotMs += Date.parse(completedAt) - Date.parse(createdAt);
      },
    };
    const progress = await runExportTasks(input, ports, invocation.awsRequestId);
    if (slotMs > 0) emit({ SlotSeconds: slotMs / 1000 }, { account: input.account });
    return progress;
  },
});

export const handler = createHandler(lambdaRuntime);

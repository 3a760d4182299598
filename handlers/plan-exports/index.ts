import { Logs } from "../clients/logs";
import { MemberSessions } from "../clients/member-sessions";
import { MemberEnvironment, memberRole } from "../contract/environment";
import { PlanExportsInput } from "../contract/messages";
import { defineHandler } from "../define-handler";
import { lambdaRuntime } from "../runtime";
import { planExports } from "./plan-exports";

export const createHandler = defineHandler({
  event: PlanExportsInput,
  environment: MemberEnvironment,
  run: async (input, { environment, region, archive, clock, source }) => {
    const sessions = new MemberSessions(region, memberRole(environment), input.run.runId, source);
    const logs = new Logs(region, await sessions.assume(input.account, "look"), source);
    return planExports(input, { region, clock, archive, logs });
  },
});

export const handler = createHandler(lambdaRuntime);

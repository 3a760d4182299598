import { DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import type { Fault } from "../../../apps/emulator";
import { createExportTask, errorName } from "../services/logs/exports";
import { closeAll, emulate, member, region, start } from "../support/organisation";

afterEach(closeAll);

async function creating(fault: Fault) {
  const emulated = await emulate({ faults: ({ operation }) => (operation === "CreateExportTask" ? fault : undefined) });
  const name = await errorName(emulated.logs().send(createExportTask()));
  return { name, tasks: emulated.cloud.logs.exportTasks().length, outcome: emulated.cloud.calls.at(-1)?.outcome };
}

it("breaks the connection before anything happened", async () => {
  expect(await creating({ kind: "drop-before" })).toEqual({ name: "Error", tasks: 0, outcome: "drop-before" });
});

it("loses the answer after everything happened", async () => {
  expect(await creating({ kind: "drop-after" })).toEqual({ name: "Error", tasks: 1, outcome: "drop-after" });
});

it("answers an error instead of the effect, or after it", async () => {
  const error = { kind: "error", name: "ServiceUnavailableException", status: 503 } as const;
  expect(await creating(error)).toEqual({ name: error.name, tasks: 0, outcome: error.name });
  expect(await creating({ ...error, afterEffect: true })).toEqual({ name: error.name, tasks: 1, outcome: error.name });
});

it("records every call with its caller, its place, its input and its outcome", async () => {
  const { logs, cloud } = await emulate();
  await logs().send(new DescribeLogGroupsCommand({ limit: 1 }));
  await errorName(logs().send(new DescribeLogGroupsCommand({ limit: 0 })));
  const call = {
    service: "logs",
    operation: "DescribeLogGroups",
    principal: { kind: "root", arn: `arn:aws:iam::${member}:root`, account: member },
    region,
    at: start,
  };
  expect(cloud.calls).toEqual([
    { ...call, number: 1, input: { limit: 1 }, outcome: "ok" },
    { ...call, number: 2, input: { limit: 0 }, outcome: "InvalidParameterException", message: expect.any(String) },
  ]);
});

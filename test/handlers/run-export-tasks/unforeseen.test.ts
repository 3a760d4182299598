import { closeAll, emulate } from "../support/emulated";
import { on } from "../support/faults";
import { logGroup, world } from "../support/organisation";
import { RunFixture } from "../support/run";

afterEach(closeAll);

/** Which calls are about one log group, and how to tell that they are about `/b`. */
const calls = {
  DescribeLogStreams: "logGroupName",
  CreateExportTask: "logGroupName",
  DescribeExportTasks: "taskId",
} as const;

const foreseenByNobody = [
  ["ValidationException", "This operation is only supported on the Standard log class", 400],
  ["InvalidOperationException", "The operation is not supported for this log class", 400],
  ["InvalidParameterException", "1 validation error detected", 400],
  ["LimitExceededException", "Too many of something", 400],
  ["DataAlreadyAcceptedException", "The event was already logged", 400],
  ["SomethingThatAwsAdds", "It is new", 400],
  ["SomethingThatAwsAdds", "It is new", 418],
] as const;

/** What an error says in one call, and in no other. */
const foreseen = new Set(["CreateExportTask LimitExceededException"]);

const table = Object.entries(calls).flatMap(([operation, by]) =>
  foreseenByNobody
    .filter(([name]) => !foreseen.has(`${operation} ${name}`))
    .map(([name, message, status]) => ({ operation, by, name, message, status })),
);

async function runWith(fault: { operation: string; by: string; name: string; message: string; status: number }) {
  const { operation, by, name, message, status } = fault;
  const emulated = await emulate({ world: world(["/a", "/b", "/c"].map((each) => logGroup(each))) });
  const isOfB = (input: Readonly<Record<string, unknown>>) =>
    by === "taskId"
      ? emulated.exportTasks().some(({ id, group }) => id === input.taskId && group === "/b")
      : input[by] === "/b";
  emulated.rules.push(on(operation, { kind: "error", name, message, status }, ({ input }) => isOfB(input)));
  const { report } = await new RunFixture(emulated, { attempts: 1 }).run();
  const outcomes = Object.fromEntries(
    emulated.coverage().map(({ logGroup, outcome, reason }) => [logGroup, reason ? `${outcome}: ${reason}` : outcome]),
  );
  return { report, outcomes };
}

it.each(table)("$operation that answers $name ($status) stops its log group, never its account", async (fault) => {
  const { outcomes } = await runWith(fault);
  expect(outcomes).toMatchObject({
    "/a": "exported",
    "/b": `failed: service-error: ${fault.name}: ${fault.message}`,
    "/c": "exported",
  });
});

it.each([
  ["DescribeLogStreams", "InternalFailure", "service-error: InternalFailure: No luck"],
  ["CreateExportTask", "InternalFailure", "service-error: the answer was lost each time"],
] as const)(
  "%s that fails with %s for longer than retries last stops its log group only",
  async (operation, name, why) => {
    const fault = { operation, by: calls[operation], name, message: "No luck", status: 500 };
    const { outcomes } = await runWith(fault);
    expect(outcomes).toMatchObject({ "/a": "exported", "/b": `failed: ${why}`, "/c": "exported" });
  },
);

const ofTheAccount = [
  ["ThrottlingException", "throttled"],
  ["ExpiredTokenException", "not-reached"],
  ["UnrecognizedClientException", "region-not-enabled"],
  ["InvalidClientTokenId", "region-not-enabled"],
  ["InvalidToken", "region-not-enabled"],
  ["OptInRequired", "region-not-enabled"],
] as const;

it.each(
  Object.entries(calls).flatMap(([operation, by]) =>
    ofTheAccount.map(([name, code]) => ({ operation, by, name, code })),
  ),
)("$operation that answers $name stops the account as $code", async ({ code, ...fault }) => {
  const { outcomes } = await runWith({ ...fault, message: "No", status: 400 });
  expect(outcomes).toMatchObject({
    "/b": expect.stringMatching(`^failed: ${code}: `),
    "/c": expect.stringMatching(`^failed: ${code}: `),
  });
});

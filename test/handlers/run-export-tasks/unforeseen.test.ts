import { closeAll, emulate } from "../support/emulated";
import { exportsEnd } from "../support/faults";
import { logGroup, member, world } from "../support/organisation";
import { runOnce } from "../support/run";

/** Which calls are about one log group, and how to tell which. */
const calls = {
  DescribeLogStreams: "logGroupName",
  CreateExportTask: "logGroupName",
  DescribeExportTasks: "taskId",
} as const;

const isOfGroup = (operation: string): operation is keyof typeof calls => operation in calls;
const operations = Object.keys(calls).filter(isOfGroup);

const unforeseenErrors = [
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

const ofTheGroup = operations.flatMap((operation) =>
  unforeseenErrors
    .filter(([name]) => !foreseen.has(`${operation} ${name}`))
    .map(([name, message, status]) => ({ operation, name, message, status })),
);

const failing = (operation: keyof typeof calls, why: string) => ({
  ...{ operation, why, name: "InternalFailure", message: "No luck", status: 500 },
});
const ofTheService = [
  failing("DescribeLogStreams", "service-error: InternalFailure: No luck"),
  failing("CreateExportTask", "service-error: the answer was lost each time"),
];

const ofTheAccount = operations.flatMap((operation) =>
  (
    [
      ["ThrottlingException", "throttled"],
      ["ExpiredTokenException", "not-reached"],
      ["UnrecognizedClientException", "region-not-enabled"],
      ["InvalidClientTokenId", "region-not-enabled"],
      ["InvalidToken", "region-not-enabled"],
      ["OptInRequired", "region-not-enabled"],
    ] as const
  ).map(([name, code]) => ({ operation, name, code, message: "No", status: 400 })),
);

const cases = [...ofTheGroup, ...ofTheService, ...ofTheAccount];
type Case = (typeof cases)[number];
const accountOf = (one: Case) => String(300_000_000_000 + cases.indexOf(one));

/** One run over an account for each case: of each item, what became of it. */
const outcomes = new Map<string, string>();
const outcomesOf = (one: Case) =>
  Object.fromEntries(["/a", "/b", "/c"].map((name) => [name, outcomes.get(`${accountOf(one)} ${name}`)]));

beforeAll(async () => {
  const accounts = cases.map(accountOf);
  const logGroups = accounts.flatMap((account) => ["/a", "/b", "/c"].map((name) => logGroup(name, { account })));
  const organisation = world(
    logGroups,
    accounts.map((account) => member(account)),
  );
  const emulated = await emulate({ world: organisation, throttling: false });
  const nameOf = (taskId: unknown) => emulated.exportTasks().find(({ id }) => id === taskId)?.group;
  emulated.rules.push(({ operation, principal, input }) => {
    const one = "account" in principal ? cases[accounts.indexOf(principal.account)] : undefined;
    if (one?.operation !== operation) return undefined;
    const by = calls[one.operation];
    const name = by === "taskId" ? nameOf(input.taskId) : input[by];
    return name === "/b" ? { kind: "error", name: one.name, message: one.message, status: one.status } : undefined;
  });
  emulated.rules.push(exportsEnd({ durationMs: 400 }));
  await runOnce(emulated);
  for (const { account, logGroup: name, outcome, reason } of emulated.coverage())
    outcomes.set(`${account} ${name}`, reason ? `${outcome}: ${reason}` : outcome);
});
afterAll(closeAll);

it.each(ofTheGroup)("$operation that answers $name ($status) stops its log group, never its account", (one) => {
  const failed = `failed: service-error: ${one.name}: ${one.message}`;
  expect(outcomesOf(one)).toEqual({ "/a": "exported", "/b": failed, "/c": "exported" });
});

it.each(ofTheService)(
  "$operation that fails with $name for longer than retries last stops its log group only",
  (one) => {
    expect(outcomesOf(one)).toEqual({ "/a": "exported", "/b": `failed: ${one.why}`, "/c": "exported" });
  },
);

it.each(ofTheAccount)("$operation that answers $name stops the account as $code", (one) => {
  const failed = expect.stringMatching(`^failed: ${one.code}: `);
  expect(outcomesOf(one)).toMatchObject({ "/b": failed, "/c": failed });
});

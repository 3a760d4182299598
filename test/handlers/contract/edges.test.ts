import { CoverageLine } from "../../../handlers/archive/records";
import { parseLines, parseRecord, toLines, UnreadableRecord } from "../../../handlers/archive/serialization";
import { MemberEnvironment, parseEnvironment, parseEvent } from "../../../handlers/contract/environment";
import { InvalidInput } from "../../../handlers/contract/errors";
import { ListAccountsInput, RunExportTasksInput } from "../../../handlers/contract/messages";
import { coverageLine } from "../support/examples";

const complete = {
  ARCHIVE_BUCKET: "bucket",
  AWS_REGION: "eu-central-1",
  MEMBER_ROLE_NAME: "role",
  EXTERNAL_ID: "external-id",
  PARTITION: "aws",
};

describe("an environment", () => {
  it("is read", () => {
    expect(parseEnvironment(MemberEnvironment, { ...complete, PATH: "/bin" })).toEqual(complete);
  });

  it("lacks a variable that is empty, and names every one that is missing", () => {
    const read = () => parseEnvironment(MemberEnvironment, { ...complete, EXTERNAL_ID: "", PARTITION: undefined });
    expect(read).toThrow(InvalidInput);
    expect(read).toThrow(/EXTERNAL_ID.*PARTITION|PARTITION.*EXTERNAL_ID/);
  });
});

describe("a run request", () => {
  const input = (request: unknown) => ({
    execution: { name: "run-1", startTime: "2026-11-20T14:00:00Z" },
    request,
    settings: {
      dayTimeZone: "UTC",
      lookbackDays: 3,
      schedule: { expression: "rate(1 day)", timeZone: "UTC" },
      targets: { organizationalUnits: ["r-a1b2"] },
    },
  });

  it.each([{}, { scheduledTime: "2026-11-20T13:30:00Z" }, { days: ["2026-11-19"], accounts: ["300000000000"] }])(
    "may be %j",
    (request) => {
      expect(parseEvent(ListAccountsInput, input(request)).request).toEqual(request);
    },
  );

  it.each([
    ["an unknown key, which may be a typing error", { day: "2026-11-19" }, /"day"/],
    ["a day that does not exist", { days: ["2026-02-29"] }, /days\[0\]/],
    ["no days at all", { days: [] }, /days/],
    ["an account without its 12 digits", { accounts: ["1234"] }, /accounts\[0\]/],
    ["a time without a zone", { scheduledTime: "2026-11-20T13:30:00" }, /scheduledTime/],
  ])("is refused with %s", (_, request, message) => {
    const parse = () => parseEvent(ListAccountsInput, input(request));
    expect(parse).toThrow(InvalidInput);
    expect(parse).toThrow(message);
  });
});

it("refuses a step's event without its cursor, and names the field", () => {
  expect(() => parseEvent(RunExportTasksInput, { account: "300000000000" })).toThrow(/cursor/);
});

describe("a record of the archive", () => {
  const key = "coverage/day=2026-11-19/account=300000000000/run-1-1.jsonl";

  it("comes back as it was written", () => {
    const lines = [coverageLine(), coverageLine({ logGroup: null, outcome: "failed", reason: "access-denied: a\nb" })];
    expect(parseLines(CoverageLine, key, toLines(lines))).toEqual(lines);
  });

  it.each([
    ["is not there", undefined, "is not in the archive"],
    ["is cut off", '{"account":"3000', "is not JSON"],
    ["lacks a field", "{}", "logGroup"],
  ])("is an error with its key when it %s, and never nothing", (_, text, message) => {
    const read = () => parseRecord(CoverageLine, key, text);
    expect(read).toThrow(UnreadableRecord);
    expect(read).toThrow(key);
    expect(read).toThrow(message);
  });

  it("names the line that cannot be read", () => {
    const text = `${toLines([coverageLine()])}{"account":`;
    expect(() => parseLines(CoverageLine, key, text)).toThrow(`${key} line 2`);
  });
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { functionNames } from "../../constructs/names";
import { longestPause } from "../../constructs/run/longest-pause";
import { metricUnits } from "../../handlers/contract/metrics";
import { configurations } from "../deploy/configurations";
import { resource, resources, synthesise, warnings } from "../deploy/synthesise";

const templates = synthesise(configurations.threeRegions);
const template = templates["OrgLogArchive-eu-central-1"];
const alarmsOf = (region: string) =>
  resources(templates[`OrgLogArchive-${region}`], "AWS::CloudWatch::Alarm").map(({ Properties }) => Properties);
const alarms = alarmsOf("eu-central-1");
const alarm = (name: string) => alarms.find(({ AlarmName }) => AlarmName === `OrgLogArchive-${name}`);
const runbook = readFileSync(join(__dirname, "..", "..", "docs", "runbook.md"), "utf8");
const sections = runbook.split(/^## /m).slice(1);

test("every alarm has its heading in the runbook, and every heading its alarm", () => {
  const headings = sections.map((section) => section.split("\n", 1)[0]);
  expect(headings.sort()).toEqual(alarms.map(({ AlarmName }) => AlarmName).sort());
});

test.each(sections.map((section) => [section.split("\n", 1)[0], section]))(
  "the runbook says of %s what it means, how to look, what to do, when it is cured and when not to",
  (_, section) => {
    for (const part of ["What it means", "How to look", "What to do", "Cured when", "When not to"])
      expect(section).toContain(`**${part}.**`);
  },
);

test("every alarm tells the topic, and says where to read on", () => {
  for (const { AlarmName, AlarmDescription, AlarmActions } of alarms) {
    expect(AlarmActions).toEqual([{ Ref: expect.stringContaining("AlarmTopic") }]);
    expect(AlarmDescription).toContain(`docs/runbook.md#${String(AlarmName).toLowerCase()}`);
  }
});

test("silence is no alarm, except where silence is what is wrong", () => {
  const breaching = alarms.filter(({ TreatMissingData }) => TreatMissingData !== "notBreaching");
  expect(breaching.map(({ AlarmName }) => AlarmName)).toEqual(["OrgLogArchive-ScheduleMissed"]);
});

test("a run that fails, hangs or is stopped is noticed", () => {
  for (const [name, MetricName] of [
    ["RunFailed", "ExecutionsFailed"],
    ["RunTimedOut", "ExecutionsTimedOut"],
    ["RunAborted", "ExecutionsAborted"],
  ])
    expect(alarm(String(name))).toMatchObject({
      Namespace: "AWS/States",
      MetricName,
      Threshold: 1,
      EvaluationPeriods: 1,
    });
});

test("a schedule is missed when no run has started for its longest pause and two hours", () => {
  const missed = { MetricName: "ExecutionsStarted", Period: 3600, ComparisonOperator: "LessThanThreshold" };
  // The day on which clocks are put back has 25 hours.
  expect(alarm("ScheduleMissed")).toMatchObject({ ...missed, EvaluationPeriods: 27, DatapointsToAlarm: 27 });
  const twiceADay = alarmsOf("ap-southeast-2").find(({ AlarmName }) => AlarmName === "OrgLogArchive-ScheduleMissed");
  expect(twiceADay).toMatchObject({ ...missed, EvaluationPeriods: 14, DatapointsToAlarm: 14 });
});

test.each([
  ["cron(30 13 * * ? *)", "UTC", 24],
  ["cron(30 13 * * ? *)", "Europe/Berlin", 25],
  // On 4 October 2026 no clock there shows it.
  ["cron(30 2 * * ? *)", "Australia/Sydney", 47],
  ["cron(0 14 ? * MON-FRI *)", "UTC", 72],
  ["cron(0 9-17 * * ? *)", "UTC", 16],
  ["rate(12 hours)", "UTC", 12],
])("%s in %s pauses for at most %i hours", (expression, timeZone, hours) =>
  expect(longestPause({ expression, timeZone })).toBe(hours * 3_600_000),
);

test("a schedule too rare to be watched is said so", () => {
  const weekly = { schedule: { expression: "cron(30 13 ? * SUN *)" } };
  expect(warnings(weekly)).toContainEqual(expect.stringContaining("no alarm tells when a run does not start"));
  const names = resources(synthesise(weekly)["OrgLogArchive-eu-central-1"], "AWS::CloudWatch::Alarm");
  expect(names.map(({ Properties }) => Properties.AlarmName)).not.toContain("OrgLogArchive-ScheduleMissed");
});

test("alarms watch metrics that a run's report gives, in their Region", () => {
  const own = alarms.filter(({ Namespace }) => Namespace === "OrgLogArchive");
  expect(own).toHaveLength(4);
  for (const { MetricName, Dimensions } of own) {
    expect(Object.keys(metricUnits)).toContain(MetricName);
    expect(Dimensions).toEqual([{ Name: "Region", Value: "eu-central-1" }]);
  }
});

test("throttling that lasts is noticed whichever function it hits", () => {
  const { Metrics, EvaluationPeriods } = alarm("FunctionsThrottled") ?? {};
  expect(EvaluationPeriods).toBe(3);
  const functions = (Metrics as { MetricStat?: { Metric: { MetricName: string } } }[]).filter(
    ({ MetricStat }) => MetricStat,
  );
  expect(functions).toHaveLength(functionNames.length);
  for (const { MetricStat } of functions) expect(MetricStat?.Metric.MetricName).toBe("Throttles");
});

test("a start that fails for hours is kept, encrypted and by TLS only, and noticed", () => {
  expect(resource(template, "AWS::SQS::Queue").Properties).toMatchObject({
    SqsManagedSseEnabled: true,
    MessageRetentionPeriod: 14 * 86_400,
  });
  expect(JSON.stringify(resource(template, "AWS::SQS::QueuePolicy").Properties)).toContain("aws:SecureTransport");
  expect(alarm("ScheduleNotDelivered")).toMatchObject({
    MetricName: "ApproximateNumberOfMessagesVisible",
    Threshold: 1,
  });
});

test("only alarms of this account speak through the topic, encrypted with a key that they may use", () => {
  expect(resource(template, "AWS::SNS::Topic").Properties).toMatchObject({
    KmsMasterKeyId: { "Fn::GetAtt": [expect.stringContaining("OperationsKey"), "Arn"] },
  });
  const fromHere = { StringEquals: { "aws:SourceAccount": "444455556666" } };
  expect(resource(template, "AWS::SNS::TopicPolicy").Properties).toMatchObject({
    PolicyDocument: {
      Statement: [
        { Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } },
        { Effect: "Allow", Principal: { Service: "cloudwatch.amazonaws.com" }, Condition: fromHere },
      ],
    },
  });
  const key = resources(template, "AWS::KMS::Key").find(({ Properties }) =>
    /alarm/.test(String(Properties.Description)),
  );
  expect(key?.Properties).toMatchObject({
    EnableKeyRotation: true,
    KeyPolicy: { Statement: [{}, { Sid: "LogGroups" }, { Sid: "Alarms", Condition: fromHere }] },
  });
});

test("each configured address is subscribed; without any, that is said", () => {
  const subscriptions = resources(template, "AWS::SNS::Subscription").map(({ Properties }) => Properties.Endpoint);
  expect(subscriptions).toEqual(["archive@example.com", "security@example.com"]);
  expect(warnings(configurations.threeRegions)).not.toContainEqual(expect.stringContaining("notify.emails"));
  expect(warnings()).toContainEqual(expect.stringContaining("notify.emails is empty"));
});

test("what is logged is encrypted with a key of ours, kept for a year, and has no log content in it", () => {
  const groups = resources(template, "AWS::Logs::LogGroup");
  expect(groups).toHaveLength(functionNames.length + 1);
  for (const { Properties } of groups)
    expect(Properties).toMatchObject({
      RetentionInDays: 365,
      KmsKeyId: { "Fn::GetAtt": [expect.stringContaining("OperationsKey"), "Arn"] },
    });
  const { LoggingConfiguration } = resource(template, "AWS::StepFunctions::StateMachine").Properties;
  expect(LoggingConfiguration).toMatchObject({ IncludeExecutionData: false });
});

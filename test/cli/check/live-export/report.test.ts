import type { Observations } from "../../../../apps/cli/check/live-export/live-check";
import { judgeAll, liveChecks } from "../../../../apps/cli/check/live-export/live-checks";
import { liveReport } from "../../../../apps/cli/check/live-export/report";
import { endText, liveResultText } from "../../../../apps/cli/check/live-export/text";
import { coloursFor } from "../../../../apps/terminal/colours";
import { parseConfiguration } from "../../../../constructs/configuration";
import { account, region } from "../../../handlers/support/examples";
import { configuration, externalId, logArchive } from "../../../handlers/support/organisation";

/** What a live export tells a person, and what of it may leave the organisation. */

const logGroup = "/bank/app.v2";
const subject = { region, account, logGroup, configuration: parseConfiguration(configuration) };
const arn = `arn:aws:logs:${region}:${account}:log-group:${logGroup}`;
const words = [
  `AccessDeniedException: User: arn:aws:sts::${account}:assumed-role/OrgLogArchiveMember/check is not authorized on ${arn}`,
  `${arn}:* and log group ${logGroup}. Bucket org-log-archive-${logArchive}-${region}, key arn:aws:kms:${region}:300000000009:key/1a2b-3c`,
  `alias/their-key of ${configuration.organizationId}, ${externalId} | a\nline\u001b[2J`,
].join(" ");

function observed(change: Partial<Observations> = {}): Observations {
  return {
    configuration: { bucketPolicy: "organization", encryption: "s3" },
    group: { name: logGroup, createdAt: 0, logClass: "STANDARD", masked: false, retentionInDays: 30 },
    known: {},
    at: Date.UTC(2026, 10, 20, 13, 30),
    rights: [],
    exports: [],
    listedTasks: [],
    ...change,
  };
}

test("a report has the moment, the Region and every check with its answer, and is Markdown", () => {
  const seen = observed();
  const report = liveReport(subject, seen, judgeAll(seen));
  expect(report).toMatch(/^# Live export, 2026-11-20T13:30:00.000Z\n/);
  expect(report).toContain(`| Region | ${region} |`);
  expect(report).toContain("| log group | class STANDARD, 30 days of retention |");
  expect(report).toContain("| event looked for | none: no log stream tells of one |");
  const known = { kept: { at: seen.at, ingestedAt: seen.at + 812 } };
  const told = liveReport(subject, observed({ known }), []);
  expect(told).toContain("| event looked for | ingested 812 ms after it happened |");
  for (const { name, asks } of liveChecks) {
    expect(report).toMatch(new RegExp(`^\\| ${name} \\| not settled \\| .* \\|$`, "m"));
    expect(report).toContain(`- ${name}: ${asks}`);
  }
});

test("a report names no account, organisation, log group, bucket or key, whatever AWS quoted", () => {
  const seen = observed({ ending: { kind: "caller", said: words } });
  const report = liveReport(subject, seen, judgeAll(seen));
  const secrets = [account, logArchive, "300000000009", logGroup, "1a2b", "their-key", externalId];
  for (const secret of [...secrets, configuration.organizationId]) expect(report).not.toContain(secret);
  expect(report).toContain("User: arn:aws:sts::<account>:assumed-role/OrgLogArchiveMember/check is not authorized");
  expect(report).toContain("log group <log group>. Bucket org-log-archive-<log archive account>-");
});

test("a short name of a log group is no part of other words", () => {
  const said = "aws and a/b: log-group:a";
  const seen = observed({ ending: { kind: "log-group", said } });
  const report = liveReport({ ...subject, logGroup: "a" }, seen, judgeAll(seen));
  expect(report).toContain("| export | failed | aws and a/b: log-group:<log group> |");
});

test("what AWS says breaks neither the report's tables nor a terminal", () => {
  const seen = observed({ ending: { kind: "caller", said: words } });
  const results = judgeAll(seen);
  const row = liveReport(subject, seen, results)
    .split("\n")
    .find((line) => line.startsWith("| caller-permissions"));
  expect(row).toMatch(/ \\\| a line\\u001b\[2J \|$/);
  for (const result of results) {
    const text = liveResultText(result, 80, coloursFor({}));
    expect(text).not.toMatch(/(?!\n)\p{Cc}/u);
    expect(text.split("\n").filter((line) => line.length > 80)).toEqual([]);
  }
});

test("what failed is told with what it means and what to do, what is open with the reason, and the end with what was left", () => {
  const seen = observed({ ending: { kind: "bucket", said: "GetBucketAcl failed" } });
  const results = judgeAll(seen);
  const failed = results.find(({ name }) => name === "source-organization");
  const text = failed ? liveResultText(failed, 80, coloursFor({})).replaceAll(/\n\s+/g, " ") : "";
  for (const part of [failed?.asks, "GetBucketAcl failed", failed?.means, failed?.cure]) expect(text).toContain(part);
  const told = { left: "No export was left in the bucket.", report: "r.md" };
  const end = endText(results, told, 80, coloursFor({}));
  expect(end).toContain("0 settled, 12 not settled, 1 failed.");
  expect(end).toContain("No export was left in the bucket.\nReport: r.md.");
  const taken = endText(results, { ...told, ending: { kind: "slot-taken", said: "Theirs." } }, 80, coloursFor({}));
  expect(taken).toContain("It ended early. Theirs.");
});

import { metricUnits } from "../../handlers/contract/metrics";
import { resources, synthesise } from "../deploy/synthesise";

/** The dashboard shows metrics that there are, of its own Region. */

const template = synthesise({})["OrgLogArchive-us-east-1"];
const body = JSON.stringify(resources(template, "AWS::CloudWatch::Dashboard")[0]?.Properties.DashboardBody ?? "");

test("each Region's stack has one dashboard, named after the Region", () => {
  const dashboards = resources(template, "AWS::CloudWatch::Dashboard");
  expect(dashboards.map(({ Properties }) => Properties.DashboardName)).toEqual(["OrgLogArchive-us-east-1"]);
});

test("every metric of ours that it shows is one that handlers emit, with the Region as its only dimension", () => {
  const shown = [...body.matchAll(/\[\\+"OrgLogArchive\\+",\\+"(\w+)\\+",\\+"Region\\+",\\+"([\w-]+)\\+"/g)];
  const names = shown.map(([, name]) => name);
  expect(new Set(names)).toEqual(
    new Set([
      ...["ExportedItems", "EmptyItems", "SkippedItems", "FailedItems", "ExportedBytes", "OldestOpenDays"],
      ...["SlotSeconds", "AccountSeconds", "RetriedCalls", "ThrottledCalls", "SealingLagDays"],
    ]),
  );
  for (const name of names) expect(Object.keys(metricUnits)).toContain(name);
  expect(new Set(shown.map(([, , region]) => region))).toEqual(new Set(["us-east-1"]));
});

test("the slowest accounts are asked of the log that names them: an account is no dimension, which would be paid for", () => {
  expect(body).toContain("stats max(AccountSeconds) / 3600 as hours by account");
});

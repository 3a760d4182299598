import * as kinds from "./kinds";
import { each, type LogGroupPlan } from "./log-group-plan";

/** Holds nothing at all. */
export const empty = (name: string): LogGroupPlan => ({ name, kind: kinds.lambda });

/** Its newest event is older than anything that could still arrive late: nothing of the window can be in it. */
export const longQuiet = (kind: kinds.Kind): Omit<LogGroupPlan, "name"> => ({
  kind,
  before: { days: 40, events: 30 },
});

/** Nothing in the window, but not quiet for long enough to know without exporting it. */
export const recentlyQuiet = (kind: kinds.Kind, name: string): LogGroupPlan => ({
  name,
  kind,
  before: { days: 5, events: 40 },
});

/** Goes on after the newest full day. */
export const writtenToday = (name: string): LogGroupPlan => ({
  name,
  kind: kinds.jsonApplication,
  newest: 500,
  earlier: 40,
  today: 60,
});

/** Did not exist in the window: CreateExportTask would refuse it. */
export const createdAfterTheWindow: LogGroupPlan = {
  name: "/aws/lambda/released-today",
  kind: kinds.lambda,
  today: 30,
  createdDaysBack: -1,
};

/** Existed on the newest full day, and not before it. */
export const createdOnTheNewestDay: LogGroupPlan = {
  name: "/aws/lambda/new-feature",
  kind: kinds.lambda,
  newest: 150,
  createdDaysBack: 0,
};

/** Two names that are the same once `/` has become `-`, one inside the other, and every character that is allowed. */
export const needCare: readonly LogGroupPlan[] = each(
  ["/aws/lambda/a", "-aws-lambda-a", "/aws/lambda/a/b", "aws_lambda.a#B-1"],
  { kind: kinds.lambda, newest: 90, earlier: 20 },
);

export const infrequentAccess: LogGroupPlan = {
  name: "/debug/shop",
  kind: kinds.jsonApplication,
  newest: 800,
  earlier: 50,
  logGroupClass: "INFREQUENT_ACCESS",
};

/** Seems to have no events: the DELIVERY class only passes logs on. */
export const delivery: LogGroupPlan = {
  name: "/aws/lambda/delivered-elsewhere",
  kind: kinds.lambda,
  logGroupClass: "DELIVERY",
  retentionInDays: 1,
};

export const encrypted: LogGroupPlan = {
  name: "/ecs/vault-audit",
  kind: kinds.jsonApplication,
  newest: 600,
  earlier: 40,
  encrypted: true,
  retentionInDays: 3653,
  tags: { team: "security", classification: "confidential" },
};

export const protectedData: LogGroupPlan = {
  name: "/ecs/customer-profile",
  kind: kinds.jsonApplication,
  newest: 700,
  earlier: 40,
  dataProtected: true,
  tags: { team: "payments", classification: "personal" },
};

export const multilingualText: LogGroupPlan = {
  name: "/ecs/shop-international",
  kind: kinds.multilingual,
  newest: 900,
  earlier: 60,
};

/** Where a window that is a millisecond off shows; with cross-midnight ingestion, also one that reads the other time. */
export const midnights: LogGroupPlan = {
  name: "/iot/heartbeats",
  kind: kinds.jsonApplication,
  newest: 200,
  earlier: 20,
  atMidnight: true,
  overMidnight: 25,
};

import { memberRoleName } from "../../../handlers/archive/layout";
import type { Outcome } from "../../../handlers/archive/records";
import type { ReasonCode } from "../../../handlers/contract/reasons";
import type { AccountName } from "../organization";
import {
  deletedOncePlanned,
  denied,
  error,
  exportsEnd,
  type FaultSite,
  foreignExport,
  keyDenied,
  lostAnswer,
  type Mishap,
  retention,
  roleMissing,
} from "./mishaps";

/** A fault of the demo organisation, where it is, and how the design says that it ends. */
export interface PlannedFault {
  readonly what: string;
  readonly account: AccountName;
  /** `first`: the first configured Region only; `second`: the second only. */
  readonly regions: "first" | "second" | "all";
  /** Absent: the account as a whole. */
  readonly logGroup?: string;
  readonly ends: { readonly outcome: Outcome; readonly reason?: ReasonCode };
  readonly mishap: Mishap;
  /** How often it strikes; absent: whenever it can. */
  readonly times?: number;
}

/** A fault in an organisation's account. */
export interface PlacedFault {
  readonly fault: PlannedFault;
  readonly site: FaultSite;
}

const bucketRefused =
  "GetBucketAcl call on the given bucket failed. Please check if CloudWatch Logs has been granted permission to perform this operation.";

/** Whatever `failed` is cured by an operator or a later run, and ends red; nothing cures what is `skipped`. */
export const plannedFaults: readonly PlannedFault[] = [
  {
    what: "the member role is missing",
    account: "prod-kubernetes",
    regions: "all",
    ends: { outcome: "failed", reason: "role-not-assumable" },
    mishap: roleMissing(memberRoleName),
  },
  {
    what: "a service control policy denies listing log groups",
    account: "network-hub",
    regions: "all",
    ends: { outcome: "failed", reason: "access-denied" },
    mishap: denied("logs:DescribeLogGroups"),
  },
  {
    what: "the Region is not enabled",
    account: "acquired-acme",
    regions: "second",
    ends: { outcome: "failed", reason: "region-not-enabled" },
    mishap: error("AssumeRole", "RegionDisabledException"),
  },
  {
    what: "CloudWatch Logs throttles every call to list log groups",
    account: "prod-payments",
    regions: "second",
    ends: { outcome: "failed", reason: "throttled" },
    mishap: error("DescribeLogGroups", "ThrottlingException"),
  },
  {
    what: "CloudWatch Logs throttles three calls and then answers",
    account: "log-archive",
    regions: "second",
    ends: { outcome: "exported" },
    mishap: error("DescribeLogGroups", "ThrottlingException"),
    times: 3,
  },
  {
    what: "an export task of the account's owner holds the slot all day",
    account: "prod-data",
    regions: "first",
    ends: { outcome: "failed", reason: "slot-busy" },
    mishap: foreignExport,
  },
  {
    what: "CloudWatch Logs may not use the bucket, and says so with AccessDeniedException",
    account: "staging-payments",
    regions: "all",
    ends: { outcome: "failed", reason: "bucket-permission" },
    mishap: error("CreateExportTask", "AccessDeniedException", bucketRefused),
  },
  {
    what: "CloudWatch Logs may not use the bucket, and says so with InvalidParameterException",
    account: "staging-web",
    regions: "all",
    ends: { outcome: "failed", reason: "bucket-permission" },
    mishap: error("CreateExportTask", "InvalidParameterException", bucketRefused),
  },
  {
    what: "the customer's key denies",
    account: "security-tooling",
    regions: "first",
    logGroup: "/ecs/vault-audit",
    ends: { outcome: "failed", reason: "key-access-denied" },
    mishap: keyDenied,
  },
  {
    what: "every export task fails",
    account: "prod-web",
    regions: "first",
    logGroup: "/ecs/search",
    ends: { outcome: "failed", reason: "export-task-failed" },
    mishap: exportsEnd("FAILED"),
  },
  {
    what: "every export task is cancelled in the account",
    account: "prod-web",
    regions: "first",
    logGroup: "/ecs/cart",
    ends: { outcome: "failed", reason: "export-task-cancelled" },
    mishap: exportsEnd("CANCELLED"),
  },
  {
    what: "two export tasks fail, and the third completes",
    account: "prod-web",
    regions: "first",
    logGroup: "/nginx/www",
    ends: { outcome: "exported" },
    mishap: exportsEnd("FAILED"),
    times: 2,
  },
  {
    what: "the answer to CreateExportTask is lost, and the task is found again",
    account: "prod-web",
    regions: "second",
    logGroup: "/nginx/api",
    ends: { outcome: "exported" },
    mishap: lostAnswer,
    times: 1,
  },
  {
    what: "the log group is deleted between plan and export",
    account: "prod-payments",
    regions: "first",
    logGroup: "/aws/lambda/health-probe",
    ends: { outcome: "skipped", reason: "log-group-deleted" },
    mishap: deletedOncePlanned,
  },
  {
    what: "retention keeps one day: part of the newest is gone before its export",
    account: "prod-payments",
    regions: "first",
    logGroup: "/aws/lambda/fee-invoice",
    ends: { outcome: "exported", reason: "partly-expired" },
    mishap: retention(1),
  },
];

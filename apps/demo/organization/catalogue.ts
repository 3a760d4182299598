import type { AccountName } from "./accounts";
import * as kinds from "./kinds";
import { each, type LogGroupPlan } from "./log-group-plan";
import * as special from "./special-log-groups";

const { lambda, jsonApplication, java, python, nginx, apache, cloudTrail, flowLogs } = kinds;

/** The log groups of an account: those of the first Region, and those of every other one. */
export interface RegionalPlans {
  readonly first: readonly LogGroupPlan[];
  readonly others: readonly LogGroupPlan[];
}

const functions = (names: string) => names.split(" ").map((name) => `/aws/lambda/${name}`);

const trail = (events: number): LogGroupPlan => ({
  name: "aws-cloudtrail-logs",
  kind: cloudTrail,
  newest: events,
  earlier: Math.ceil(events / 20),
  retentionInDays: 365,
});

const flows = (events: number): LogGroupPlan => ({
  name: "/vpc/flow-logs",
  kind: flowLogs,
  newest: events,
  earlier: Math.ceil(events / 20),
});

const payments =
  "authorise-card capture-payment refund-payment settle-batch validate-iban check-sanctions score-risk lookup-bin " +
  "create-mandate cancel-mandate notify-merchant notify-customer post-ledger reconcile-bank import-statement " +
  "export-accounting rotate-keys tokenise-card detokenise-card expire-holds convert-currency fetch-rates sign-webhook " +
  "retry-webhook verify-webhook archive-receipt render-receipt mail-receipt open-dispute answer-dispute close-dispute " +
  "payout-schedule payout-execute payout-notify kyc-start kyc-result kyc-expire limit-check limit-raise fee-calculate " +
  "fee-invoice tax-report audit-export health-probe";

/** What every account writes about itself. */
export const catalogue: Readonly<Record<AccountName, RegionalPlans>> = {
  management: {
    first: each(["/aws/lambda/account-vending", "aws-controltower/CloudTrailLogs"], special.longQuiet(lambda)),
    others: [],
  },
  "log-archive": {
    first: [trail(900), ...each(functions("index-archive verify-archive"), { kind: lambda, newest: 150 })],
    others: [trail(200)],
  },
  "security-tooling": {
    first: [
      { ...trail(4_500), tags: { team: "security", environment: "prod" } },
      flows(1_200),
      ...each(functions("triage-finding block-address quarantine-instance"), { kind: lambda, newest: 200 }),
      { name: "/ecs/siem-forwarder", kind: jsonApplication, newest: 900, earlier: 60, retentionInDays: 30 },
      special.encrypted,
    ],
    others: [trail(700), flows(400), { name: "/aws/lambda/triage-finding", kind: lambda, newest: 120 }],
  },
  "network-hub": {
    first: [
      flows(6_000),
      { name: "/vpc/flow-logs/inspection", kind: flowLogs, newest: 2_500, earlier: 120 },
      { name: "/transit-gateway/flow-logs", kind: flowLogs, newest: 1_500, retentionInDays: 7 },
      trail(600),
    ],
    others: [flows(3_000), trail(250)],
  },
  "sandbox-maria": { first: [], others: [] },
  "prod-payments": {
    first: [
      trail(3_000),
      flows(2_500),
      ...each(functions(payments), { kind: lambda, newest: 420, retentionInDays: 90 }),
      ...each(["/ecs/card-gateway", "/ecs/ledger", "/ecs/payouts"], {
        kind: jsonApplication,
        newest: 1_800,
        earlier: 80,
      }),
      { name: "/ecs/billing", kind: java, newest: 1_600, earlier: 90, tags: { team: "payments", environment: "prod" } },
      special.protectedData,
      ...special.needCare,
      special.empty("/aws/lambda/never-invoked"),
      { name: "/aws/lambda/capture-payment-v1", ...special.longQuiet(lambda) },
      special.recentlyQuiet(lambda, "/aws/lambda/quarterly-report"),
      special.createdAfterTheWindow,
    ],
    others: [
      trail(500),
      ...each(functions("authorise-card capture-payment post-ledger"), { kind: lambda, newest: 260, earlier: 30 }),
    ],
  },
  "prod-web": {
    first: [
      trail(1_200),
      ...each(["/nginx/shop", "/nginx/www", "/nginx/api"], { kind: nginx, newest: 2_500, earlier: 120 }),
      { name: "/apache/intranet", kind: apache, newest: 1_200, retentionInDays: 14 },
      ...each(["/ecs/shop", "/ecs/search", "/ecs/cart", "/ecs/recommendations"], {
        kind: jsonApplication,
        newest: 1_500,
      }),
      special.multilingualText,
      special.midnights,
      special.writtenToday("/ecs/live-chat"),
      special.empty("/ecs/blue-green-standby"),
      special.infrequentAccess,
    ],
    others: [
      ...each(["/nginx/shop", "/nginx/api"], { kind: nginx, newest: 1_300, earlier: 70 }),
      ...each(["/ecs/shop", "/ecs/cart"], { kind: jsonApplication, newest: 600 }),
    ],
  },
  "prod-data": {
    first: [
      trail(900),
      ...each(["/ecs/ingest", "/ecs/transform", "/ecs/publish"], { kind: python, newest: 1_400, earlier: 70 }),
      ...each(["/aws-glue/jobs/output", "/aws-glue/jobs/error"], { kind: python, newest: 700, retentionInDays: 14 }),
      { name: "/emr/spark-history", kind: java, newest: 1_100, earlier: 60 },
      ...each(functions("partition-added schema-check late-data"), { kind: lambda, newest: 250 }),
      special.writtenToday("/aws/lambda/stream-reader"),
      special.createdOnTheNewestDay,
      special.delivery,
      { name: "/ecs/transform-2024", ...special.longQuiet(python) },
    ],
    others: [{ name: "/ecs/ingest", kind: python, newest: 500, earlier: 40 }, special.empty("/ecs/transform")],
  },
  "prod-kubernetes": {
    first: [
      { name: "/aws/eks/shop/cluster", kind: kinds.kubernetesAudit, newest: 5_000, earlier: 250, retentionInDays: 30 },
      { name: "/aws/eks/tools/cluster", kind: kinds.kubernetesControlPlane, newest: 1_800, earlier: 90 },
      ...each(["/aws/containerinsights/shop/application", "/aws/containerinsights/tools/application"], {
        kind: jsonApplication,
        newest: 1_500,
      }),
      { name: "/aws/containerinsights/shop/dataplane", kind: kinds.kubernetesControlPlane, newest: 700 },
      trail(500),
    ],
    others: [
      { name: "/aws/eks/shop/cluster", kind: kinds.kubernetesAudit, newest: 1_800, earlier: 90 },
      { name: "/aws/containerinsights/shop/application", kind: jsonApplication, newest: 600 },
    ],
  },
  "staging-payments": {
    first: [
      trail(300),
      ...each(
        functions("authorise-card capture-payment refund-payment post-ledger score-risk kyc-start fee-calculate"),
        { kind: lambda, newest: 110, retentionInDays: 7 },
      ),
      { name: "/ecs/ledger", kind: java, newest: 300, earlier: 30 },
      { name: "/aws/lambda/load-test", ...special.longQuiet(lambda) },
    ],
    others: each(functions("authorise-card post-ledger"), { kind: lambda, newest: 80 }),
  },
  "staging-web": {
    first: [
      trail(250),
      ...each(["/nginx/shop", "/nginx/api"], { kind: nginx, newest: 400, earlier: 40, retentionInDays: 3 }),
      ...each(["/ecs/shop", "/ecs/search", "/ecs/cart"], {
        kind: jsonApplication,
        newest: 200,
        tags: { environment: "staging" },
      }),
      special.empty("/ecs/recommendations"),
    ],
    others: [{ name: "/nginx/shop", kind: nginx, newest: 150 }],
  },
  "legacy-intranet": {
    first: each(["/apache/intranet", "/ecs/wiki", "/aws/lambda/badge-sync"], special.longQuiet(apache)),
    others: [],
  },
  "acquired-acme": {
    first: [
      trail(200),
      ...each(["acme-orders", "acme.billing", "ACME_mail"], { kind: jsonApplication, newest: 180, earlier: 20 }),
      { name: "acme/legacy#1", kind: apache, newest: 120 },
    ],
    others: [trail(60)],
  },
};

import { apacheLine, nginxLine } from "./content/access-log";
import { cloudTrailRecord } from "./content/cloudtrail";
import type { AccountRegion, LoggedActivity } from "./content/content";
import { jsonApplicationLine } from "./content/json-application";
import { auditRecord, controlPlaneLine } from "./content/kubernetes";
import { lambdaInvocation } from "./content/lambda";
import { multilingualLine } from "./content/multilingual";
import { javaLine, pythonLine } from "./content/stack-traces";
import { flowLogRecord } from "./content/vpc-flow-logs";
import type { Random } from "./random";

/** A source of logs: what it writes, and how it names its log streams. */
export interface Kind {
  readonly activity: LoggedActivity;
  /** The names of the log streams that it writes to on `date` (`YYYY-MM-DD`). */
  readonly streams: (random: Random, accountRegion: AccountRegion, date: string) => readonly [string, ...string[]];
  /** New log streams every day, as Lambda has them; otherwise the same ones every day. */
  readonly newStreamsDaily?: true;
}

type Names = readonly [string, ...string[]];

const several = (random: Random, most: number, name: () => string): Names => [
  name(),
  ...Array.from({ length: random.int(0, most - 1) }, name),
];

const tasks =
  (container: string): Kind["streams"] =>
  (random) =>
    several(random, 4, () => `ecs/${container}/${random.hex(32)}`);

const instances: Kind["streams"] = (random) => several(random, 3, () => `i-0${random.hex(16)}`);

export const lambda: Kind = {
  activity: lambdaInvocation,
  streams: (random, _place, date) =>
    several(random, 3, () => `${date.replaceAll("-", "/")}/[$LATEST]${random.hex(32)}`),
  newStreamsDaily: true,
};
export const cloudTrail: Kind = {
  activity: cloudTrailRecord,
  streams: (_random, { account, region }) => [`${account}_CloudTrail_${region}`],
};
export const flowLogs: Kind = {
  activity: flowLogRecord,
  streams: (random) => several(random, 5, () => `eni-0${random.hex(16)}-all`),
};
export const jsonApplication: Kind = { activity: jsonApplicationLine, streams: tasks("app") };
export const java: Kind = { activity: javaLine, streams: tasks("billing") };
export const python: Kind = { activity: pythonLine, streams: tasks("worker") };
export const nginx: Kind = { activity: nginxLine, streams: instances };
export const apache: Kind = { activity: apacheLine, streams: instances };
export const kubernetesAudit: Kind = {
  activity: auditRecord,
  streams: (random) => [`kube-apiserver-audit-${random.hex(32)}`, `kube-apiserver-audit-${random.hex(32)}`],
};
export const kubernetesControlPlane: Kind = {
  activity: controlPlaneLine,
  streams: (random) => [`kube-scheduler-${random.hex(32)}`, `kube-controller-manager-${random.hex(32)}`],
};
/** Names with everything but the two characters that a log stream's name may not have, `:` and `*`. */
export const multilingual: Kind = {
  activity: multilingualLine,
  streams: () => ["注文/東京-01", "WIN-7F3K2/Event Log#1 (50% + more)", "cafe\u0301"],
};

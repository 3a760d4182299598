import { documentedErrors, ServiceError } from "./errors";

const serviceNames = [
  "account",
  "athena",
  "cloudformation",
  "iam",
  "kms",
  "lambda",
  "logs",
  "organizations",
  "s3",
  "scheduler",
  "sns",
  "states",
  "sts",
] as const;
export type ServiceName = (typeof serviceNames)[number];

export function isServiceName(name: string): name is ServiceName {
  return serviceNames.some((known) => known === name);
}

/** The root user of an account. */
export interface RootPrincipal {
  readonly kind: "root";
  readonly arn: string;
  readonly account: string;
}

/** A role session. `arn` is that of the session (`...:assumed-role/<role>/<session>`), `roleArn` that of the role. */
export interface SessionPrincipal {
  readonly kind: "session";
  readonly arn: string;
  readonly account: string;
  readonly roleArn: string;
  /** The inline session policy, JSON. */
  readonly sessionPolicy?: string;
}

/** An AWS service that acts for an account: `logs.<region>.amazonaws.com` writing an export. */
export interface ServicePrincipal {
  readonly kind: "service";
  readonly arn: string;
}

/** Who can sign a request. */
export type Caller = RootPrincipal | SessionPrincipal;
export type Principal = Caller | ServicePrincipal;

/** Condition keys and their values. */
export type Context = Readonly<Record<string, string | readonly string[]>>;

/** A right that an operation needs. */
export interface Access {
  /** An IAM action, such as `s3:ListBucket`. */
  readonly action: string;
  /** An ARN, or `*` for actions without a resource type. */
  readonly resource: string;
  /** The account that owns the resource; the caller's own if absent. */
  readonly resourceAccount?: string;
  readonly context?: Context;
}

/** One request to one service. `at` is epoch milliseconds, `number` counts from 1. */
export interface Call {
  readonly number: number;
  readonly service: ServiceName;
  readonly operation: string;
  readonly principal: Caller;
  readonly region: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly at: number;
}

/** `ok`, the name of the error that was answered, or what happened to the connection. */
export interface CallRecord extends Call {
  readonly outcome: "ok" | DropFault["kind"] | (string & {});
  readonly message?: string;
}

/**
 * A question for IAM. A request asks one or more: `CreateExportTask` asks for itself, for its caller's `s3:PutObject`,
 * and for CloudWatch Logs' own rights on the bucket, the last with a service principal. `context` holds every condition key.
 */
export interface AccessRequest {
  readonly call: Call;
  readonly action: string;
  readonly resource: string;
  readonly resourceAccount: string;
  readonly principal: Principal;
  readonly context: Context;
}

export type Authorization = "allow" | { readonly deny: string };
export type Authorizer = (request: AccessRequest) => Authorization | Promise<Authorization>;

export interface ErrorFault {
  readonly kind: "error";
  readonly name: string;
  /** AWS's own words for an error of that name, if absent. */
  readonly message?: string;
  /** HTTP status; that of AWS for an error of that name, else 400, if absent. */
  readonly status?: number;
  /** The operation takes effect before its error is answered. */
  readonly afterEffect?: boolean;
}

/**
 * The connection breaks: nothing happened (`drop-before`), or everything happened and the answer is lost (`drop-after`).
 * Likewise the process of the function that made the call may die; of a call through a socket only the connection breaks.
 */
export interface DropFault {
  readonly kind: "drop-before" | "drop-after" | "die-before" | "die-after";
}

/** For CreateExportTask: what becomes of the task that it creates. A task that does not complete leaves half of its objects. */
export interface ExportTaskFault {
  readonly kind: "export-task";
  readonly status?: "COMPLETED" | "FAILED" | "CANCELLED";
  readonly message?: string;
  /** From creation to the end. */
  readonly durationMs?: number;
  /** How long after the end its objects appear in the bucket: with it, if absent. */
  readonly objectsAfterMs?: number;
}

export type Fault = ErrorFault | DropFault | ExportTaskFault;

/** Asked once for every call, before it takes effect. */
export type FaultInjector = (call: Call) => Fault | undefined;

/** A connection that broke: there is no answer. */
export class ConnectionDropped extends Error {
  override readonly name = "ConnectionDropped";

  constructor(readonly kind: DropFault["kind"]) {
    super(kind);
  }

  get callerDies(): boolean {
    return this.kind.startsWith("die-");
  }
}

export function errorOf(fault: ErrorFault): ServiceError {
  const documented = documentedErrors[fault.name];
  const message = fault.message ?? documented?.message ?? `Injected ${fault.name}`;
  return new ServiceError(fault.name, message, fault.status ?? documented?.status ?? 400);
}

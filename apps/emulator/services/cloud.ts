import { ZodError, z } from "zod";
import type { World } from "../world";
import { callerContext, denialMessage, resourceAccountOf, withinOwnAccount } from "./authorization";
import {
  type Access,
  type Authorizer,
  type Call,
  type CallRecord,
  ConnectionDropped,
  errorOf,
  type FaultInjector,
  type Principal,
  type ServiceName,
} from "./calls";
import { type CommonErrors, ServiceError } from "./errors";
import { Iam, type SignedIdentity } from "./identity/iam";
import { sts } from "./identity/sts";
import { Logs, type LogsOptions } from "./logs/logs";
import { organizations } from "./organizations";
import { InvalidToken } from "./pages";
import { Buckets } from "./s3/buckets";
import { s3 } from "./s3/operations";
import type { Operation, PreparedOperation, Service } from "./service";
import { Directory } from "./storage/directory";
import { Throttle } from "./throttle";

export interface CloudOptions extends Partial<LogsOptions> {
  readonly world: World;
  /** Epoch milliseconds. */
  readonly clock: { now(): number };
  readonly seed: number;
  /** 12 digits: the delegated administrator of the organisation. */
  readonly logArchiveAccount: string;
  /** Where objects, source events and export tasks are written as files; what is there already is loaded. */
  readonly directory?: string;
  readonly faults?: FaultInjector;
  readonly authorize?: Authorizer;
  /** Told after each call took effect, before its answer leaves. */
  readonly onCall?: (record: CallRecord) => void;
  /** Whether requests above the services' rates are refused: yes, if absent. */
  readonly throttling?: boolean;
}

/** A request, as a protocol has read it. */
export interface CloudRequest {
  readonly service: ServiceName;
  readonly operation: string;
  readonly region: string;
  readonly identity: SignedIdentity;
  readonly input: Readonly<Record<string, unknown>>;
}

/** An organisation's accounts in AWS: state and rules of the services, without a protocol. */
export class Cloud {
  readonly world: World;
  readonly iam: Iam;
  readonly s3: Buckets;
  readonly logs: Logs;
  private readonly recorded: CallRecord[] = [];
  private readonly services: Readonly<Record<ServiceName, Service>>;
  private readonly throttle = new Throttle();
  private readonly directory: Directory | undefined;
  private started = 0;

  constructor(private readonly options: CloudOptions) {
    const { world, seed, logArchiveAccount } = options;
    const directory = options.directory === undefined ? undefined : new Directory(options.directory);
    this.directory = directory;
    this.world = world;
    this.iam = new Iam(seed, new Set(world.accounts.map(({ id }) => id)));
    this.s3 = new Buckets(seed, directory);
    this.logs = new Logs({
      world,
      seed,
      buckets: this.s3,
      history: directory?.exportTasks() ?? [],
      changed: (tasks) => directory?.exportTasksChanged(tasks),
      windowReading: options.windowReading ?? "event-time",
      bucketDenial: options.bucketDenial ?? "AccessDeniedException",
      untaggedPassesNegation: options.untaggedPassesNegation ?? false,
      exportChunkBytes: options.exportChunkBytes ?? 4 * 1024 ** 2,
      exportBytesPerSecond: options.exportBytesPerSecond ?? 512 * 1024,
    });
    this.services = {
      logs: this.logs.service,
      s3: s3(this.s3),
      sts: sts(world, this.iam),
      organizations: organizations(world, logArchiveAccount),
    };
    directory?.writeSource(world.logGroups);
  }

  /** Every call so far, in the order in which they ended. */
  get calls(): readonly CallRecord[] {
    return this.recorded;
  }

  /** Brings export tasks to the clock's time. Every call does so first. */
  settle(): void {
    this.logs.settle(this.options.clock.now());
  }

  /** Brings the folder, if there is one, up to date. */
  flush(): void {
    this.directory?.flush();
  }

  /**
   * Answers a request with the members of the operation's output.
   * @throws {ServiceError} the error that the service answers
   * @throws {ConnectionDropped} if there is no answer
   */
  async invoke(request: CloudRequest): Promise<object> {
    this.settle();
    const now = this.options.clock.now();
    const service = this.services[request.service];
    const principal = this.iam.authenticate(request.identity, now, service.errors);
    const { operation, region, input } = request;
    const call: Call = {
      number: ++this.started,
      service: request.service,
      operation,
      principal,
      region,
      input,
      at: now,
    };
    try {
      const output = await this.perform(call, service);
      this.record(call, "ok");
      return output;
    } catch (error) {
      const answer = answerOf(error, service.errors);
      if (answer instanceof ConnectionDropped) this.record(call, answer.message);
      else this.record(call, answer.name, answer.message);
      throw answer;
    }
  }

  private async perform(call: Call, { operations, errors }: Service): Promise<object> {
    const operation = operations[call.operation];
    if (operation === undefined)
      throw new ServiceError("UnknownOperationException", `${call.operation} is not emulated`);
    const fault = this.options.faults?.(call);
    if (fault?.kind === "drop-before") throw new ConnectionDropped(fault.kind);
    if (fault?.kind === "error" && fault.afterEffect !== true) throw errorOf(fault);
    this.admit(call, operation, errors);
    const prepared = operation.prepare(call.input, { caller: call.principal, region: call.region });
    const output = await this.run(call, prepared, errors, fault?.kind === "export-task" ? { fault } : {});
    if (fault?.kind === "drop-after") throw new ConnectionDropped(fault.kind);
    if (fault?.kind === "error") throw errorOf(fault);
    return output;
  }

  private async run(
    call: Call,
    { access, run }: PreparedOperation,
    errors: CommonErrors,
    fault: object,
  ): Promise<object> {
    const denial = (asked: Access, as?: Principal): Promise<string | undefined> => this.denial(call, asked, as);
    const reason = access && (await denial(access));
    if (reason !== undefined) throw errors.denied(reason);
    return run({ caller: call.principal, region: call.region, now: call.at, denial, ...fault });
  }

  private admit(
    { service, operation, principal, region, at }: Call,
    { limits }: Operation,
    errors: CommonErrors,
  ): void {
    if (this.options.throttling === false) return;
    for (const limit of limits) {
      const owner = limit.scope === "account" ? principal.account : limit.scope;
      // Organizations is one endpoint for all Regions.
      const place = service === "organizations" ? "global" : region;
      if (!this.throttle.admit([service, operation, owner, place].join("/"), limit, at)) throw errors.throttled();
    }
  }

  private async denial(call: Call, access: Access, as: Principal = call.principal): Promise<string | undefined> {
    const authorize = this.options.authorize ?? withinOwnAccount;
    const resourceAccount = access.resourceAccount ?? resourceAccountOf(access.resource, call.principal);
    const isMember = this.world.accounts.some(({ id }) => id === resourceAccount);
    const context = {
      "aws:RequestedRegion": call.region,
      "aws:SecureTransport": "true",
      "aws:ResourceAccount": resourceAccount,
      ...(isMember && { "aws:ResourceOrgID": this.world.organization.id }),
      ...(as.kind !== "service" && callerContext(this.world, as)),
      ...access.context,
    };
    const { action, resource } = access;
    const answer = await authorize({ call, action, resource, resourceAccount, principal: as, context });
    return answer === "allow" ? undefined : denialMessage(as, action, resource, answer.deny);
  }

  private record(call: Call, outcome: string, message?: string): void {
    const record = { ...call, outcome, ...(message !== undefined && { message }) };
    this.recorded.push(record);
    this.options.onCall?.(record);
  }
}

/** Errors of reading the input become the service's own; a mistake of the emulator stays what it is. */
function answerOf(error: unknown, errors: CommonErrors): Error {
  if (error instanceof ZodError) return errors.invalid(z.prettifyError(error));
  if (error instanceof InvalidToken) return errors.invalid(error.message);
  return error instanceof Error ? error : new Error(String(error));
}

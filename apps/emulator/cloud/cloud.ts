import { ZodError, z } from "zod";
import type { Policies } from "../authorization/policies";
import type { Stack } from "../cloudformation/stack";
import {
  type Access,
  type Authorizer,
  type Call,
  type CallRecord,
  ConnectionDropped,
  errorOf,
  type Fault,
  type Principal,
  type ServiceName,
} from "../service/calls";
import { callerContext, denialMessage, resourceAccountOf } from "../service/condition-keys";
import { type CommonErrors, ServiceError } from "../service/errors";
import { InvalidToken } from "../service/pages";
import type { Protocol } from "../service/protocol";
import type { Operation, PreparedOperation, Service } from "../service/service";
import { Throttle } from "../service/throttle";
import { accountManagement } from "../services/account/account";
import { athena } from "../services/athena/athena";
import { cloudFormation } from "../services/cloudformation/cloudformation";
import { Iam, type SignedIdentity } from "../services/iam/iam";
import { Keys } from "../services/kms/keys";
import { kms } from "../services/kms/kms";
import { lambda } from "../services/lambda/account-settings";
import { CloudWatchLogs, type LogsOptions } from "../services/logs/logs";
import { organizations } from "../services/organizations/organizations";
import { Buckets } from "../services/s3/buckets";
import { s3 } from "../services/s3/operations";
import { scheduler } from "../services/scheduler/scheduler";
import { Topics } from "../services/sns/topics";
import { StateMachines } from "../services/states/state-machines";
import { sts } from "../services/sts/sts";
import { Directory } from "../storage/directory";
import type { World } from "../world/world";

export interface CloudOptions {
  readonly world: World;
  /** Epoch milliseconds. */
  readonly clock: { now(): number };
  readonly seed: number;
  /** 12 digits: the delegated administrator of the organisation. */
  readonly logArchiveAccount: string;
  /** Where objects, source events and export tasks are written as files; what is there already is loaded. */
  readonly directory?: string;
  readonly faults?: (call: Call, cloud: Cloud) => Fault | undefined;
  /** Makes what decides who may do what, from the policies of the cloud's roles, buckets and keys. */
  readonly authorizer: (policies: Policies) => Authorizer;
  /** Told after each call took effect, before its answer leaves. */
  readonly onCall?: (record: CallRecord) => void;
  /** Whether requests above the services' rates are refused: yes, if absent. */
  readonly throttling?: boolean;
  readonly logs?: LogsOptions;
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
export class Cloud implements Policies {
  readonly world: World;
  readonly iam: Iam;
  readonly s3: Buckets;
  readonly logs: CloudWatchLogs;
  readonly kms: Keys;
  readonly sns: Topics;
  readonly stateMachines = new StateMachines();
  private readonly recorded: CallRecord[] = [];
  private readonly services: Readonly<Record<ServiceName, Service>>;
  private readonly authorize: Authorizer;
  private readonly throttle = new Throttle();
  private started = 0;

  constructor(private readonly options: CloudOptions) {
    const { world, seed, logArchiveAccount } = options;
    const directory = options.directory === undefined ? undefined : new Directory(options.directory);
    this.world = world;
    this.authorize = options.authorizer(this);
    this.iam = new Iam(seed, new Set(world.accounts.map(({ id }) => id)));
    this.s3 = new Buckets(seed, directory);
    this.kms = new Keys(seed, directory);
    this.logs = new CloudWatchLogs({ world, seed, buckets: this.s3, directory, options: options.logs ?? {} });
    this.sns = new Topics(seed);
    this.services = {
      account: accountManagement(),
      athena: athena(),
      cloudformation: cloudFormation(),
      lambda,
      scheduler: scheduler(),
      iam: this.iam.service,
      kms: kms(this.kms),
      logs: this.logs.service,
      s3: s3(this.s3),
      sts: sts(world, this.iam),
      organizations: organizations(world, logArchiveAccount),
      sns: this.sns.service,
      states: this.stateMachines.service,
    };
  }

  /** Every call so far, in the order in which they ended. */
  get calls(): readonly CallRecord[] {
    return this.recorded;
  }

  /** Brings what goes on by itself, such as export tasks, to the clock's time. Every call does so first. */
  catchUp(): void {
    for (const service of Object.values(this.services)) service.catchUp?.(this.options.clock.now());
  }

  /** Brings the folder, if there is one, up to date. */
  flush(): void {
    for (const service of Object.values(this.services)) service.flush?.();
  }

  /** Creates what a stack declares, in its account and Region. @throws {NotDeployable} */
  deploy(stack: Stack): void {
    for (const service of Object.values(this.services)) service.deploy?.(stack);
  }

  /** How a service's requests and answers look on the wire. */
  protocol(service: ServiceName): Protocol {
    return this.services[service].protocol;
  }

  role(arn: string): ReturnType<Policies["role"]> {
    return this.iam.role(arn);
  }

  bucket(name: string): ReturnType<Policies["bucket"]> {
    return this.s3.find(name);
  }

  key(arn: string): ReturnType<Policies["key"]> {
    return this.kms.find(arn);
  }

  /**
   * Answers a request with the members of the operation's output.
   * @throws {ServiceError} the error that the service answers
   * @throws {ConnectionDropped} if there is no answer
   */
  async invoke(request: CloudRequest): Promise<object> {
    this.catchUp();
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
      if (answer instanceof ConnectionDropped) this.record(call, answer.kind);
      else this.record(call, answer.name, answer.message);
      throw answer;
    }
  }

  private async perform(call: Call, { operations, errors }: Service): Promise<object> {
    const operation = operations[call.operation];
    if (operation === undefined)
      throw new ServiceError("UnknownOperationException", `${call.operation} is not emulated`);
    const fault = this.options.faults?.(call, this);
    if (fault?.kind === "drop-before" || fault?.kind === "die-before") throw new ConnectionDropped(fault.kind);
    if (fault?.kind === "error" && fault.afterEffect !== true) throw errorOf(fault);
    this.admit(call, operation, errors);
    const prepared = operation.prepare(call.input, { caller: call.principal, region: call.region });
    const output = await this.run(call, prepared, errors, fault?.kind === "export-task" ? { fault } : {});
    if (fault?.kind === "drop-after" || fault?.kind === "die-after") throw new ConnectionDropped(fault.kind);
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
      const endpoint = service === "organizations" ? "global" : region;
      if (!this.throttle.admit([service, operation, owner, endpoint].join("/"), limit, at)) throw errors.throttled();
    }
  }

  private async denial(call: Call, access: Access, as: Principal = call.principal): Promise<string | undefined> {
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
    const answer = await this.authorize({ call, action, resource, resourceAccount, principal: as, context });
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

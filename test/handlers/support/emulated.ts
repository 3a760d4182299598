import "./realm";
import { gunzipSync } from "node:zlib";
import {
  type Call,
  type CallRecord,
  type Cloud,
  type Deployment,
  Emulator,
  type EmulatorOptions,
  type ExecutionEvent,
  type ExportTaskRecord,
  type FaultInjector,
  VirtualClock,
} from "../../../apps/emulator";
import type { ConfigurationInput } from "../../../constructs/configuration";
import { memberRoleName } from "../../../handlers/archive/layout";
import { type CoverageLine, Receipt } from "../../../handlers/archive/records";
import { S3Store } from "../../../handlers/archive/s3-store";
import type { SessionCredentials } from "../../../handlers/clients/configuration";
import type { RetrySource } from "../../../handlers/clients/retries";
import { assembly } from "../../support/assembly";
import { account, hour, region } from "./examples";
import { exportsEnd, once } from "./faults";
import { bucket, externalId, logArchive, signingKeyArn, start, world } from "./organisation";

const opened: (() => Promise<void>)[] = [];

/** Ends what `emulate` began: for `afterEach`. */
export async function closeAll(): Promise<void> {
  for (const close of opened.splice(0).reverse()) await close();
}

/** An organisation on the wire, as the handlers find it through their environment. */
export class Emulated {
  /** The first rule that answers decides. */
  readonly rules: FaultInjector[] = [];
  readonly source: RetrySource;
  readonly cloud: Cloud;
  readonly clock: VirtualClock;
  private readonly deployments = new Map<string, Deployment>();
  private readonly closedAccounts = new Set<string>();

  constructor(
    private readonly emulator: Emulator,
    /** What the state machines have done. */
    readonly events: readonly ExecutionEvent[],
    private readonly undeployedRoles: string[],
  ) {
    const { clock, cloud } = emulator;
    this.cloud = cloud;
    this.clock = clock;
    this.source = { clock, random: () => 0.5 };
  }

  /** What a configuration deploys, in place of the roles that were there without; it stays when another is deployed over it. */
  deploy(configuration: ConfigurationInput): Deployment {
    for (const arn of this.undeployedRoles.splice(0)) this.cloud.iam.deleteRole(arn);
    const directory = assembly(configuration, { code: true });
    const deployment = this.deployments.get(directory) ?? this.emulator.deploy(directory);
    this.deployments.set(directory, deployment);
    for (const account of this.closedAccounts) this.cloud.iam.deleteRole(memberRoleArn(account));
    return deployment;
  }

  /** An account has no member role, whatever is deployed. */
  closeAccount(account: string): void {
    this.closedAccounts.add(account);
    this.cloud.iam.deleteRole(memberRoleArn(account));
  }

  /** The archive as the handlers write it. */
  store(name = bucket): S3Store {
    return new S3Store({ bucket: name, region, source: this.source, environment: process.env });
  }

  calls(operation: string): CallRecord[] {
    return this.cloud.calls.filter((call) => call.operation === operation);
  }

  exportTasks(): readonly ExportTaskRecord[] {
    this.cloud.catchUp();
    return this.cloud.logs.exportTasks();
  }

  keys(prefix = ""): string[] {
    return [...this.cloud.s3.objects(bucket, prefix)].map(({ key }) => key).sort();
  }

  text(key: string): string {
    return this.cloud.s3.object(bucket, key)?.body.toString("utf8") ?? "";
  }

  put(key: string, body: string): void {
    this.cloud.s3.put(bucket, key, Buffer.from(body), this.clock.now());
  }

  receipts(): Receipt[] {
    return this.keys("receipts/").map((key) => Receipt.parse(JSON.parse(this.text(key))));
  }

  /** What lies in the archive of the tasks that a receipt names. */
  archivedObjects({ tasks }: Receipt): Buffer[] {
    return tasks.flatMap(({ prefix }) => [...this.cloud.s3.objects(bucket, prefix)].map(({ body }) => body));
  }

  /** The log lines that a receipt's tasks wrote. */
  archivedLines(receipt: Receipt): string[] {
    return this.archivedObjects(receipt).flatMap((body) => gunzipSync(body).toString("utf8").trim().split("\n"));
  }

  /** All lines, in the order of the runs' names. */
  coverage(): CoverageLine[] {
    const text = this.keys("coverage/").map((key) => this.text(key));
    return text.flatMap((lines) => lines.trim().split("\n")).map((line) => JSON.parse(line));
  }

  /** A person in an account exports a log group by hand; `change` to the request. */
  async exportByHand(
    logGroupName: string,
    durationMs: number,
    change: object = {},
    by = account,
  ): Promise<ExportTaskRecord> {
    const rule = once(exportsEnd({ durationMs }));
    this.rules.unshift(rule);
    const window = { from: start - 2 * hour, to: start - hour };
    const input = { logGroupName, ...window, destination: bucket, destinationPrefix: `${by}/by-hand`, ...change };
    const identity = this.credentials(by);
    await this.cloud
      .invoke({ service: "logs", operation: "CreateExportTask", region, identity, input })
      .finally(() => this.rules.splice(this.rules.indexOf(rule), 1));
    const [task] = this.exportTasks().slice(-1);
    if (!task) throw new Error("There is no export task");
    return task;
  }

  /** Credentials of an account's root. */
  credentials(account: string): SessionCredentials {
    return this.cloud.iam.issueCredentials(`arn:aws:iam::${account}:root`, "test");
  }
}

/** Serves an organisation and points the environment's SDK clients to it, as the exporter in the log archive account. */
export async function emulate(options: Partial<EmulatorOptions> = {}): Promise<Emulated> {
  const clock = new VirtualClock({ start });
  const faults = (call: Call) => emulated.rules.map((rule) => rule(call)).find((fault) => fault !== undefined);
  const events: ExecutionEvent[] = [];
  const emulator = await Emulator.open({
    world: world([]),
    clock,
    logArchiveAccount: logArchive,
    faults,
    onEvent: (event) => events.push(event),
    ...options,
  });
  opened.push(() => emulator.close());
  const { cloud } = emulator;
  cloud.s3.createBucket({ name: bucket, region, account: logArchive, versioning: true });
  cloud.kms.create({ arn: signingKeyArn, usage: "SIGN_VERIFY", enabled: true, policy: undefined, aliases: [] });
  const exporter = { account: logArchive, name: `OrgLogArchive-run-export-tasks-${region}` };
  const roles = [
    cloud.iam.createRole({ ...exporter, trustPolicy: trust("lambda", {}) }),
    ...cloud.world.accounts.map(({ id }) => createMemberRole(cloud, id)),
  ].map(({ arn }) => arn);
  const emulated = new Emulated(emulator, events, roles);
  const credentials = cloud.iam.issueCredentials(roles[0] ?? "", "function");
  setEnvironment({
    AWS_ENDPOINT_URL: await emulator.listen(),
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
  });
  return emulated;
}

const memberRoleArn = (account: string) => `arn:aws:iam::${account}:role/${memberRoleName}`;

function createMemberRole(cloud: Cloud, account: string): { arn: string } {
  const condition = { StringEquals: { "sts:ExternalId": externalId } };
  const trustPolicy = trust({ AWS: `arn:aws:iam::${logArchive}:root` }, condition);
  return cloud.iam.createRole({ account, name: memberRoleName, trustPolicy });
}

function trust(Principal: object | string, Condition: object) {
  const principal = typeof Principal === "string" ? { Service: `${Principal}.amazonaws.com` } : Principal;
  const statement = { Effect: "Allow", Principal: principal, Action: "sts:AssumeRole", Condition };
  return { Version: "2012-10-17", Statement: [statement] };
}

function setEnvironment(variables: Readonly<Record<string, string>>): void {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, variables);
  opened.push(async () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });
}

import { withinOwnAccount } from "./authorization/own-account";
import type { Policies } from "./authorization/policies";
import { policyAuthorizer } from "./authorization/policy-authorizer";
import { Cloud, type CloudOptions } from "./cloud/cloud";
import { type Deployment, deploy } from "./deployment/deploy";
import type { OnInvoke } from "./lambda/function";
import type { AccessRequest, Authorization, Authorizer } from "./service/calls";
import type { ExecutionEvent } from "./states/execution";
import { HttpServer } from "./wire/http-server";
import { inProcess } from "./wire/in-process";
import type { VirtualClock } from "./world/clock";
import type { Latencies } from "./world/latencies";

export interface EmulatorOptions extends Omit<CloudOptions, "authorizer" | "clock" | "seed"> {
  readonly clock: VirtualClock;
  /** What `cdk synth` wrote (`cdk.out`), deployed before anything else happens; nothing is deployed, if absent. */
  readonly assembly?: string;
  /** What ids, durations and randomness are a function of: 1, if absent. */
  readonly seed?: number;
  /** Whether policies decide who may do what: yes, if there is an assembly; else accounts may do what is their own. */
  readonly evaluatePolicies?: boolean;
  /** Asked before the policies are; undefined leaves it to them. */
  readonly authorize?: (request: AccessRequest) => Authorization | undefined | Promise<Authorization | undefined>;
  /** How functions reach the services: within this process, if absent; or through a socket. */
  readonly transport?: "in-process" | "http";
  /** How long what AWS does takes: no time, if absent. Requests take some only where no socket is in between. */
  readonly latencies?: Latencies;
  /** Told what the state machines do. */
  readonly onEvent?: (event: ExecutionEvent) => void;
  /** Asked before each invocation of a function what is to become of it. */
  readonly onInvoke?: OnInvoke;
}

/**
 * An organisation in AWS on this machine, with what an assembly deploys to it. This is the only way in: all that it is made of
 * is put together here.
 */
export class Emulator {
  private constructor(
    readonly clock: VirtualClock,
    /** The state of all accounts, to look at and to change. */
    readonly cloud: Cloud,
    /** What the assembly brought: functions, state machines, schedules. */
    readonly deployment: Deployment,
    /** Deploys what `cdk synth` wrote over what is deployed already, whose executions and functions go on as they were. */
    readonly deploy: (assembly: string) => Deployment,
    private readonly server: HttpServer,
    private readonly flush: () => void,
  ) {}

  /** @throws {NotDeployable} naming what CloudFormation would refuse of the assembly, or what the emulator does not know */
  static async open(options: EmulatorOptions): Promise<Emulator> {
    const { assembly, clock, seed = 1, latencies = {}, onEvent, onInvoke } = options;
    if (options.transport === "http" && (latencies.api ?? latencies.s3))
      throw new Error("Requests through a socket take no time of the clock: leave their latencies out");
    const cloud = new Cloud({ ...options, seed, authorizer: (policies) => authorizer(options, policies) });
    const server = new HttpServer(cloud);
    try {
      const transport =
        options.transport === "http" ? { endpoint: await server.listen() } : inProcess(cloud, clock, latencies);
      const deployTo = (assembly: string | undefined) =>
        deploy({ assembly, cloud, transport, latencies, clock, seed, onEvent, onInvoke });
      // An interrupted process leaves the folder complete.
      const flush = () => cloud.flush();
      process.once("exit", flush);
      return new Emulator(clock, cloud, deployTo(assembly), deployTo, server, flush);
    } catch (error) {
      await server.close();
      throw error;
    }
  }

  /** Serves the organisation over HTTP on the loopback interface; resolves to what AWS_ENDPOINT_URL is to be. */
  listen(): Promise<string> {
    return this.server.listen();
  }

  /** Waits for the executions that were started over the wire, brings the folder up to date and ends the server. */
  async close(): Promise<void> {
    await this.cloud.stateMachines.ended();
    await this.server.close();
    this.flush();
    process.off("exit", this.flush);
  }
}

function authorizer({ assembly, evaluatePolicies, authorize }: EmulatorOptions, policies: Policies): Authorizer {
  const evaluates = evaluatePolicies ?? assembly !== undefined;
  const decide = evaluates ? policyAuthorizer(policies) : withinOwnAccount;
  return authorize ? async (request) => (await authorize(request)) ?? decide(request) : decide;
}

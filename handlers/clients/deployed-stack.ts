import {
  CloudFormationClient,
  DescribeStacksCommand,
  GetTemplateCommand,
  ListStackInstancesCommand,
  type ListStackInstancesCommandOutput,
} from "@aws-sdk/client-cloudformation";
import { clientConfiguration } from "./configuration";
import { pages } from "./pages";
import { type RetrySource, withRetries } from "./retries";

/** A stack of our account as CloudFormation knows it. */
export interface DeployedStack {
  /** Such as `UPDATE_COMPLETE`. https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Stack.html */
  readonly status: string;
  readonly outputs: Readonly<Record<string, string>>;
}

/** A StackSet's stack in an account. */
export interface StackInstance {
  readonly account: string;
  /** `SUCCEEDED`, `FAILED`, `SKIPPED_SUSPENDED_ACCOUNT` and others. */
  readonly status: string;
  readonly reason: string;
}

/** CloudFormation in one Region, by the environment's credentials. */
export class CloudFormation {
  private readonly client: CloudFormationClient;

  constructor(
    region: string,
    private readonly source: RetrySource,
  ) {
    this.client = new CloudFormationClient(clientConfiguration(region));
  }

  /** Undefined where there is no stack of that name. */
  async stack(name: string): Promise<DeployedStack | undefined> {
    const command = new DescribeStacksCommand({ StackName: name });
    try {
      const { Stacks: [stack] = [] } = await withRetries(this.source, () => this.client.send(command));
      const outputs = (stack?.Outputs ?? []).map(({ OutputKey = "", OutputValue = "" }) => [OutputKey, OutputValue]);
      return stack && { status: stack.StackStatus ?? "", outputs: Object.fromEntries(outputs) };
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /** What a stack was deployed from: JSON, with its intrinsic functions as they were written; undefined where there is no such stack. */
  async template(name: string): Promise<unknown> {
    const command = new GetTemplateCommand({ StackName: name, TemplateStage: "Original" });
    try {
      const { TemplateBody = "{}" } = await withRetries(this.source, () => this.client.send(command));
      return JSON.parse(TemplateBody);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /** None where there is no StackSet of that name. */
  async *stackInstances(stackSetName: string, callAs: "SELF" | "DELEGATED_ADMIN"): AsyncGenerator<StackInstance> {
    const of = { StackSetName: stackSetName, CallAs: callAs, MaxResults: 100 };
    const ask = (next: object) =>
      withRetries(this.source, () => this.client.send(new ListStackInstancesCommand({ ...of, ...next }))).catch(orNone);
    for await (const { Summaries = [] } of pages(ask))
      for (const { Account = "", StackInstanceStatus, Status, StatusReason = "" } of Summaries)
        yield {
          account: Account,
          status: StackInstanceStatus?.DetailedStatus ?? Status ?? "UNKNOWN",
          reason: StatusReason,
        };
  }
}

/** CloudFormation has no error of its own for a stack that is not there. */
function isMissing(error: unknown): boolean {
  return error instanceof Error && error.name === "ValidationError" && /does not exist/.test(error.message);
}

function orNone(error: unknown): ListStackInstancesCommandOutput {
  if (error instanceof Error && error.name === "StackSetNotFoundException") return { $metadata: {} };
  throw error;
}

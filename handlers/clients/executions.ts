import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import type { RunRequest } from "../contract/messages";
import { clientConfiguration } from "./configuration";
import { type RetrySource, withRetries } from "./retries";

/** An execution of a Region's state machine: a run. */
export interface ExecutionState {
  /** https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html */
  readonly status: string;
  /** What a run that failed died of, or why it is incomplete. */
  readonly cause?: string;
}

/** The executions of a Region's state machine, by the environment's credentials. */
export class Executions {
  private readonly client: SFNClient;

  constructor(
    region: string,
    private readonly stateMachineArn: string,
    private readonly source: RetrySource,
  ) {
    this.client = new SFNClient(clientConfiguration(region));
  }

  /**
   * Starts a run. A lost answer does no harm: the same name and input start nothing twice.
   * https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
   */
  async start(name: string, request: RunRequest): Promise<void> {
    const { stateMachineArn } = this;
    const command = new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(request) });
    await withRetries(this.source, () => this.client.send(command));
  }

  async describe(name: string): Promise<ExecutionState> {
    const executionArn = `${this.stateMachineArn.replace(":stateMachine:", ":execution:")}:${name}`;
    const command = new DescribeExecutionCommand({ executionArn });
    const { status = "RUNNING", error, cause } = await withRetries(this.source, () => this.client.send(command));
    const why = [error, cause].filter(Boolean).join(": ");
    return { status, ...(why ? { cause: why } : {}) };
  }
}

import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
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
   * Starts a run of a name that is used once. A lost answer does no harm: the same name starts nothing twice, and one that is taken
   * by then is this run's, which may have ended already.
   * https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
   */
  async start(name: string, request: RunRequest): Promise<void> {
    const { stateMachineArn } = this;
    const command = new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(request) });
    let attempts = 0;
    try {
      await withRetries(this.source, () => {
        attempts += 1;
        return this.client.send(command);
      });
    } catch (error) {
      if (!(error instanceof ExecutionAlreadyExists) || attempts === 1) throw error;
    }
  }

  async describe(name: string): Promise<ExecutionState> {
    const executionArn = `${this.stateMachineArn.replace(":stateMachine:", ":execution:")}:${name}`;
    const command = new DescribeExecutionCommand({ executionArn });
    const { status = "RUNNING", error, cause } = await withRetries(this.source, () => this.client.send(command));
    const why = [error, cause].filter(Boolean).join(": ");
    return { status, ...(why ? { cause: why } : {}) };
  }
}

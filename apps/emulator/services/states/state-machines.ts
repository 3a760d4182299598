import { z } from "zod";
import { awsJson } from "../../protocols/aws-json";
import { logsErrors, ServiceError } from "../../service/errors";
import { operation, type Service } from "../../service/service";

/** An execution as StartExecution leaves it and DescribeExecution shows it; times in epoch milliseconds. */
export interface StartedExecution {
  readonly executionArn: string;
  readonly name: string;
  readonly stateMachineArn: string;
  readonly input: unknown;
  readonly startedAt: number;
  readonly status: string;
  readonly stoppedAt?: number;
  readonly output?: unknown;
  readonly error?: string;
  readonly cause?: string;
}

/** A deployed state machine, as much of it as the service's calls need. */
export interface StartableStateMachine {
  readonly stateMachineArn: string;
  readonly executions: readonly StartedExecution[];
  /** @throws {ServiceError} what StartExecution answers instead of an execution */
  readonly begin: (request: { readonly name: string; readonly input: unknown }) => {
    readonly execution: StartedExecution;
    readonly ended: Promise<unknown>;
  };
}

/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html */
const StartExecution = z.object({ stateMachineArn: z.string(), name: z.string(), input: z.string().default("{}") });
const DescribeExecution = z.object({ executionArn: z.string() });

/** The state machines of all accounts and Regions. */
export class StateMachines {
  private readonly machines: StartableStateMachine[] = [];
  private readonly underway = new Set<Promise<unknown>>();

  readonly service: Service = {
    protocol: awsJson,
    errors: { ...logsErrors, invalid: (message) => new ServiceError("ValidationException", message) },
    operations: {
      StartExecution: operation({
        input: StartExecution,
        access: ({ stateMachineArn }) => ({ action: "states:StartExecution", resource: stateMachineArn }),
        run: ({ input: { stateMachineArn, name, input } }) => {
          const machine = this.machines.findLast((one) => one.stateMachineArn === stateMachineArn);
          if (!machine)
            throw new ServiceError("StateMachineDoesNotExist", `State Machine Does Not Exist: '${stateMachineArn}'`);
          const { execution, ended } = machine.begin({ name, input: parsed(input) });
          this.underway.add(ended);
          const over = () => this.underway.delete(ended);
          ended.then(over, over);
          return { executionArn: execution.executionArn, startDate: new Date(execution.startedAt) };
        },
      }),
      DescribeExecution: operation({
        input: DescribeExecution,
        access: ({ executionArn }) => ({ action: "states:DescribeExecution", resource: executionArn }),
        run: ({ input: { executionArn } }) => {
          const found = this.machines
            .flatMap(({ executions }) => executions)
            .find((execution) => execution.executionArn === executionArn);
          if (!found) throw new ServiceError("ExecutionDoesNotExist", `Execution Does Not Exist: '${executionArn}'`);
          const { name, stateMachineArn, status, startedAt, stoppedAt, input, output, error, cause } = found;
          return {
            ...{ executionArn, name, stateMachineArn, status, error, cause, input: JSON.stringify(input) },
            startDate: new Date(startedAt),
            stopDate: stoppedAt === undefined ? undefined : new Date(stoppedAt),
            output: output === undefined ? undefined : JSON.stringify(output),
          };
        },
      }),
    },
  };

  add(machine: StartableStateMachine): void {
    this.machines.push(machine);
  }

  /** Resolves when every execution that was started over the wire has ended. */
  async ended(): Promise<void> {
    await Promise.allSettled(this.underway);
  }
}

function parsed(input: string): unknown {
  try {
    return JSON.parse(input);
  } catch (cause) {
    throw new ServiceError("InvalidExecutionInput", "The input is not JSON", 400, {}, { cause });
  }
}

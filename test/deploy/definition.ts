import { resource, type Template } from "./synthesise";

export interface State {
  readonly Type: string;
  readonly Comment?: string;
  readonly Next?: string;
  readonly Default?: string;
  readonly Choices?: { Next: string; Assign?: Record<string, unknown> }[];
  readonly TimeoutSeconds?: number;
  readonly Retry?: { ErrorEquals: string[]; MaxAttempts: number; IntervalSeconds?: number; JitterStrategy?: string }[];
  readonly Catch?: { ErrorEquals: string[]; Next: string; Assign?: Record<string, unknown> }[];
  readonly Arguments?: { FunctionName: string; Payload: Record<string, unknown> };
  readonly Assign?: Record<string, unknown>;
  readonly Output?: unknown;
  readonly MaxConcurrency?: number;
  readonly ToleratedFailurePercentage?: number;
  readonly ItemReader?: Record<string, unknown>;
  readonly ItemSelector?: Record<string, unknown>;
  readonly ItemProcessor?: Machine & { ProcessorConfig: Record<string, string> };
}

export interface Machine {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
  readonly TimeoutSeconds?: number;
  readonly QueryLanguage?: string;
}

type Part = string | { Ref: string } | { "Fn::GetAtt": [string, string] };

/** A template's state machine, with functions as their logical ids. */
export function definition(template: Template | undefined): Machine {
  const { Properties } = resource(template, "AWS::StepFunctions::StateMachine");
  const { "Fn::Join": join } = Properties.DefinitionString as { "Fn::Join": [string, Part[]] };
  const text = join[1].map((part) => {
    if (typeof part === "string") return part;
    return "Ref" in part ? "aws" : part["Fn::GetAtt"][0];
  });
  return JSON.parse(text.join(""));
}

/** Every state, those of the child executions too. */
export function allStates(machine: Machine): [string, State][] {
  return Object.entries(machine.States).flatMap(([name, state]): [string, State][] => [
    [name, state],
    ...(state.ItemProcessor ? allStates(state.ItemProcessor) : []),
  ]);
}

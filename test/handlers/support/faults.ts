import type { Call, ExportTaskFault, Fault, FaultInjector } from "../../../apps/emulator";

/** Only the first `count` calls that the rule answers. */
export function times(count: number, rule: FaultInjector): FaultInjector {
  let left = count;
  return (call) => {
    const fault = left > 0 ? rule(call) : undefined;
    if (fault) left -= 1;
    return fault;
  };
}

export function once(rule: FaultInjector): FaultInjector {
  return times(1, rule);
}

/** A fault for every call of an operation, or for those that match. */
export function on(operation: string, fault: Fault, matches: (call: Call) => boolean = () => true): FaultInjector {
  return (call) => (call.operation === operation && matches(call) ? fault : undefined);
}

/** What becomes of the export tasks of a log group, or of all. */
export function exportsEnd(fault: Omit<ExportTaskFault, "kind">, logGroup?: string): FaultInjector {
  const matches = ({ input }: Call) => logGroup === undefined || input.logGroupName === logGroup;
  return on("CreateExportTask", { kind: "export-task", ...fault }, matches);
}

/** The process that makes the call dies, before or after it took effect. Only functions of a run do. */
export function kill(when: "before" | "after"): Fault {
  return { kind: `die-${when}` };
}

/** An error that no handler treats in any way: the caller dies of it, before or after the call took effect. */
export function death(when: "before" | "after"): Fault {
  return { kind: "error", name: "ExpiredTokenException", message: "Death", afterEffect: when === "after" };
}

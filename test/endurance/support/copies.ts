import { z } from "zod";
import type { Call, EmulatorOptions, Fault, FaultInjector, LogGroup } from "../../../apps/emulator";
import { day } from "../../handlers/support/examples";
import { logGroup, member, noonYesterday, stream, world } from "../../handlers/support/organisation";

/**
 * Copies of one small account, each disturbed in a way of its own, in one world: a run over all of them is a run for each. That
 * is many times as fast as a world for each, and no less: an account's execution shares nothing with another's.
 */

/** What happens at one call that an account's execution makes. */
export const disturbances = {
  /** The process dies before the call takes effect. */
  "dies before": { kind: "die-before" },
  /** The process dies after the call took effect. */
  "dies after": { kind: "die-after" },
  /** The answer is lost. */
  "loses the answer": { kind: "drop-after" },
  /** Every process of the account's execution dies, from this call on. */
  "is dead from": { kind: "die-before" },
} as const satisfies Record<string, Fault>;
export type Disturbance = keyof typeof disturbances;

/** One copy of the account. */
export interface Case {
  readonly account: string;
  /** What disturbs it; nothing, if absent. */
  readonly disturbance?: Disturbance;
  /** The number of the call, counted from 1. */
  readonly at?: number;
  /** What becomes of its export tasks. */
  readonly tasks?: FaultInjector;
}

/** An account id for each number below 100,000. */
export function accountNumber(index: number): string {
  return String(300_000_000_000 + index);
}

/** Two log groups with events on the day, on both of its ends, and around it. */
export function logGroupsOf(account: string, change: Partial<LogGroup> = {}): LogGroup[] {
  const midnight = noonYesterday - day / 2;
  return [
    logGroup("/a", { account, streams: [stream("one", midnight, noonYesterday, midnight + day - 1)], ...change }),
    logGroup("/b", {
      account,
      streams: [stream("one", midnight - 1, noonYesterday), stream("two", noonYesterday + 1, midnight + day + 1)],
      ...change,
    }),
  ];
}

export function worldOf(cases: readonly Case[], change: Partial<LogGroup> = {}) {
  const logGroups = cases.flatMap(({ account }) => logGroupsOf(account, change));
  return world(
    logGroups,
    cases.map(({ account }) => member(account)),
  );
}

/** The account whose execution makes a call; undefined for what the run does for all of them. */
export function accountOf({ principal, input }: Call): string | undefined {
  if (principal.kind !== "session") return undefined;
  if (principal.roleArn.endsWith("/OrgLogArchiveMember")) return principal.account;
  if (!/\/OrgLogArchive-(plan-exports|run-export-tasks|record-coverage|seal-account)-/.test(principal.roleArn))
    return undefined;
  const subject = [input.RoleArn, input.Key, input.Prefix].map(String).join(" ");
  return /\b3\d{11}\b/.exec(subject)?.[0];
}

const Invocation = z.object({ account: z.string().default("") });

/** Disturbs each case at its call, in the first run. */
export class Disturber {
  /** Those that were disturbed. */
  readonly disturbed = new Set<string>();
  private readonly calls = new Map<string, number>();
  private readonly cases: ReadonlyMap<string, Case>;
  private over = false;

  constructor(cases: readonly Case[]) {
    this.cases = new Map(cases.map((one) => [one.account, one]));
  }

  /** Ends all disturbances. */
  end(): void {
    this.over = true;
  }

  readonly rule: FaultInjector = (call) => {
    const one = this.cases.get(accountOf(call) ?? "");
    if (!one) return undefined;
    const number = (this.calls.get(one.account) ?? 0) + 1;
    this.calls.set(one.account, number);
    return this.disturb(one, number) ?? one.tasks?.(call);
  };

  /** For those that are dead, before they have even started. */
  readonly onInvoke: NonNullable<EmulatorOptions["onInvoke"]> = (_, event) => {
    const { account } = Invocation.parse(event);
    const isDead = this.disturbed.has(account) && this.cases.get(account)?.disturbance === "is dead from";
    return isDead && !this.over ? "die-before" : undefined;
  };

  private disturb({ account, disturbance, at = 0 }: Case, number: number): Fault | undefined {
    if (this.over || disturbance === undefined) return undefined;
    if (disturbance === "is dead from" ? number < at : number !== at) return undefined;
    this.disturbed.add(account);
    return disturbances[disturbance];
  }
}

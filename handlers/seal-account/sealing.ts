import type { Seal, SealedItem } from "../archive/seals";
import type { ArchiveStore } from "../archive/store";
import type { Clock } from "../clock";
import type { SealAccountInput, SealCursor } from "../contract/messages";
import { NotSealed } from "./not-sealed";
import { SealedDays } from "./sealed-days";

export interface SealingPorts {
  readonly region: string;
  readonly archive: ArchiveStore;
  readonly clock: Clock;
  /** Of the invocation. */
  readonly requestId: string;
  /** Milliseconds until the function is ended. */
  readonly remainingMs: () => number;
}

/** What a step keeps of its function's time to write what it has. */
const endingMs = 60_000;

/**
 * An object is not begun that would take longer than is left, at a speed that the function surely reaches: it makes events of some
 * 25 bytes of text a microsecond, of which a byte as stored becomes 10 or more.
 */
const bytesPerMs = 500;

/** An account may seal for so long, also when its exports lasted until the run's deadline. */
const shortestSealingMs = 2 * 60 * 60 * 1000;

/** And for so long at most, in some 300 steps, for which the execution's history has room: the next run goes on. */
export const longestSealingMs = 72 * 60 * 60 * 1000;

/** A step of an account's sealing: where it stands, how much time it has, and what it could not seal. */
export class Sealing {
  readonly account: string;
  readonly runId: string;
  readonly region: string;
  readonly archive: ArchiveStore;
  readonly requestId: string;
  readonly run: SealAccountInput["run"];
  readonly notSealed: NotSealed;
  readonly days: SealedDays;
  private position: SealCursor;
  private objectsRead = 0;

  constructor(
    { run, account, cursor }: SealAccountInput,
    private readonly ports: SealingPorts,
  ) {
    this.account = account;
    this.run = run;
    this.runId = run.runId;
    this.region = ports.region;
    this.archive = ports.archive;
    this.requestId = ports.requestId;
    this.notSealed = new NotSealed({ account, region: ports.region, runId: run.runId });
    this.days = new SealedDays(ports.archive, this, (day, error) => this.note(day, null, error.message));
    const now = ports.clock.now();
    const until = Math.min(Math.max(Date.parse(run.deadline), now + shortestSealingMs), now + longestSealingMs);
    const start = { step: 0, day: 0, after: null, partial: null, seals: [], objects: 0, bytes: 0 };
    this.position = cursor ?? { ...start, until: new Date(until).toISOString() };
  }

  get cursor(): SealCursor {
    return this.position;
  }

  move(to: Partial<SealCursor>): void {
    this.position = { ...this.position, ...to };
  }

  countSeal(day: string, n: number, items: readonly SealedItem[]): void {
    const sealed = items.flatMap(({ objects }) => objects);
    const { seals, objects, bytes } = this.position;
    const size = sealed.reduce((total, object) => total + object.size, 0);
    const before = seals.at(-1);
    const follows = before?.day === day && before.last === n - 1;
    const ranges = follows ? [...seals.slice(0, -1), { ...before, last: n }] : [...seals, { day, first: n, last: n }];
    this.move({ seals: ranges, objects: objects + sealed.length, bytes: bytes + size });
  }

  /** Counts the run's own seals of a day that a step has written which died before it could say so: the digest binds them. */
  countOwn(day: string, seals: readonly Seal[]): void {
    const isCounted = (n: number) =>
      this.position.seals.some((range) => range.day === day && range.first <= n && n <= range.last);
    for (const { n, runId, items } of seals) if (runId === this.runId && !isCounted(n)) this.countSeal(day, n, items);
  }

  note(day: string, logGroup: string | null, detail: string): void {
    this.notSealed.add(day, logGroup, detail, this.now());
  }

  /** Whether there is time to read an object of so many bytes. The first of a step has all of it: more there never is. */
  mayRead(size: number): boolean {
    const fits = this.objectsRead === 0 || this.ports.remainingMs() > endingMs + size / bytesPerMs;
    if (!fits || this.isOver()) return false;
    this.objectsRead += 1;
    return true;
  }

  hasTime(): boolean {
    return this.ports.remainingMs() > 2 * endingMs && !this.isOver();
  }

  /** The run has no more time: what is left is the next run's. */
  isOver(): boolean {
    return this.ports.clock.now() >= Date.parse(this.position.until);
  }

  now(): string {
    return new Date(this.ports.clock.now()).toISOString();
  }
}

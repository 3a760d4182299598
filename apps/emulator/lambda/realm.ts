import { isNativeError } from "node:util/types";
import { type Context, createContext, Script } from "node:vm";

/** Of Node.js, not of the language. `Uint8Array` and `ArrayBuffer` are Node's too, or its buffers would be instances of neither. */
const shared = [
  "AbortController",
  "AbortSignal",
  "ArrayBuffer",
  "Blob",
  "Buffer",
  "DOMException",
  "Event",
  "EventTarget",
  "ReadableStream",
  "TextDecoder",
  "TextEncoder",
  "TransformStream",
  "URL",
  "URLSearchParams",
  "Uint8Array",
  "WritableStream",
  "atob",
  "btoa",
  "clearImmediate",
  "clearInterval",
  "clearTimeout",
  "crypto",
  "queueMicrotask",
  "setImmediate",
  "setInterval",
  // Real time, unlike that of timers/promises: the SDK limits its requests with it, and never waits for it.
  "setTimeout",
  "structuredClone",
] as const;

/** Errors of Node's own modules are errors in here, too. */
const bootstrap = new Script(`(now, random, isError) => {
  const Real = Date;
  function VirtualDate(...args) {
    if (!new.target) return new Real(now()).toString();
    return Reflect.construct(Real, args.length === 0 ? [now()] : args, new.target);
  }
  Object.setPrototypeOf(VirtualDate, Real);
  Object.defineProperty(VirtualDate, "name", { value: "Date" });
  VirtualDate.prototype = Real.prototype;
  VirtualDate.prototype.constructor = VirtualDate;
  VirtualDate.now = now;
  globalThis.Date = VirtualDate;
  Math.random = random;
  Object.defineProperty(Error, Symbol.hasInstance, {
    value(candidate) {
      return (this === Error && isError(candidate)) || Function.prototype[Symbol.hasInstance].call(this, candidate);
    },
  });
  return JSON.parse;
}`);

export interface RealmOptions {
  readonly now: () => number;
  readonly random: () => number;
  /** `process` and `console`. */
  readonly globals: Readonly<Record<string, unknown>>;
}

export interface Realm {
  readonly context: Context;
  /** JSON.parse whose objects are of this realm. */
  readonly parse: (text: string) => unknown;
}

/** Globals of its own, with the clock's time and repeatable randomness. */
export function createRealm({ now, random, globals }: RealmOptions): Realm {
  const context = createContext({
    ...Object.fromEntries(shared.map((name) => [name, Reflect.get(globalThis, name)])),
    performance: { now, timeOrigin: 0 },
    ...globals,
  });
  context.global = context;
  const parse: (text: string) => unknown = bootstrap.runInContext(context)(now, random, isNativeError);
  return { context, parse };
}

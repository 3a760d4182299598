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
const bootstrap = new Script(`(now, isError) => {
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
  Object.defineProperty(Error, Symbol.hasInstance, {
    value(candidate) {
      return (this === Error && isError(candidate)) || Function.prototype[Symbol.hasInstance].call(this, candidate);
    },
  });
  const own = ["process", "console"];
  const names = own.concat(Object.getOwnPropertyNames(globalThis)).filter((name) => /^(?!eval$|undefined$)[a-zA-Z_]\\w*$/.test(name));
  const globals = Object.fromEntries(names.map((name) => [name, globalThis[name]]));
  return { globals, parse: JSON.parse, mathWith: (random) => Object.create(Math, { random: { value: random } }) };
}`);

/**
 * Globals for all functions of a deployment, with the clock's time. One realm for all instances is several times as fast as
 * one each, as V8 optimises code by realm; what is an instance's own (`process`, `console`, `Math.random`, its module's
 * variables) comes to its code as parameters, and nothing may be added to the globals.
 */
export interface Realm {
  readonly context: Context;
  /** What code finds in it by name. */
  readonly globals: Readonly<Record<string, unknown>>;
  /** JSON.parse whose objects are of this realm. */
  readonly parse: (text: string) => unknown;
  /** `Math` with other randomness. */
  readonly mathWith: (random: () => number) => object;
}

export function createRealm(now: () => number): Realm {
  const context = createContext({
    ...Object.fromEntries(shared.map((name) => [name, Reflect.get(globalThis, name)])),
    performance: { now, timeOrigin: 0 },
  });
  context.global = context;
  const made: Omit<Realm, "context"> = bootstrap.runInContext(context)(now, isNativeError);
  return { context, ...made };
}

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
  "structuredClone",
] as const;

/**
 * Real time, unlike that of timers/promises: the SDK limits its requests with it, and never waits for it. Nor does this process
 * for those of a function that has died.
 */
const limit = (...parameters: Parameters<typeof setTimeout>) => setTimeout(...parameters).unref();

/** Errors of Node's own modules are errors in here, too. */
const bootstrap = new Script(`(isError) => {
  const Real = Date;
  function dateAt(now) {
    function VirtualDate(...args) {
      if (!new.target) return new Real(now()).toString();
      return Reflect.construct(Real, args.length === 0 ? [now()] : args, new.target);
    }
    Object.setPrototypeOf(VirtualDate, Real);
    Object.defineProperty(VirtualDate, "name", { value: "Date" });
    VirtualDate.prototype = Real.prototype;
    VirtualDate.now = now;
    return VirtualDate;
  }
  // What finds it by another way than its name tells no time.
  globalThis.Date = dateAt(() => NaN);
  Real.prototype.constructor = globalThis.Date;
  Object.defineProperty(Error, Symbol.hasInstance, {
    value(candidate) {
      return (this === Error && isError(candidate)) || Function.prototype[Symbol.hasInstance].call(this, candidate);
    },
  });
  const own = ["process", "console", "performance"];
  const names = own.concat(Object.getOwnPropertyNames(globalThis)).filter((name) => /^(?!eval$|undefined$)[a-zA-Z_]\\w*$/.test(name));
  const globals = Object.fromEntries(names.map((name) => [name, globalThis[name]]));
  return { globals, parse: JSON.parse, dateAt, mathWith: (random) => Object.create(Math, { random: { value: random } }) };
}`);

/**
 * Globals for all functions of this process. One realm for all instances is several times as fast as one each, as V8 optimises
 * code by realm; what is an instance's own (`process`, `console`, `Date`, `performance`, `Math.random`, its module's variables)
 * comes to its code as parameters, and nothing may be added to the globals.
 */
export interface Realm {
  readonly context: Context;
  /** What code finds in it by name. */
  readonly globals: Readonly<Record<string, unknown>>;
  /** JSON.parse whose objects are of this realm. */
  readonly parse: (text: string) => unknown;
  /** `Date` with another clock. */
  readonly dateAt: (now: () => number) => object;
  /** `Math` with other randomness. */
  readonly mathWith: (random: () => number) => object;
}

let made: Realm | undefined;

export function sharedRealm(): Realm {
  made ??= createRealm();
  return made;
}

function createRealm(): Realm {
  const context = createContext({
    ...Object.fromEntries(shared.map((name) => [name, Reflect.get(globalThis, name)])),
    setTimeout: limit,
  });
  context.global = context;
  const created: Omit<Realm, "context"> = bootstrap.runInContext(context)(isNativeError);
  return { context, ...created };
}

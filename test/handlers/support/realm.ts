import { types } from "node:util";

/**
 * Jest runs tests in a realm of their own, while the errors of Node's own modules, such as broken connections, come from
 * another one: the SDK would not know them for errors, as it does outside of tests.
 */
Object.defineProperty(Error, Symbol.hasInstance, {
  value(this: unknown, thing: unknown): boolean {
    if (this === Error && types.isNativeError(thing)) return true;
    return Function.prototype[Symbol.hasInstance].call(this, thing);
  },
});

import http from "node:http";
import { isBuiltin } from "node:module";
import type { Exchange } from "../service/transport";
import { inProcessHttp } from "./in-process-http";

export interface ModuleOptions {
  readonly process: object;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Called before each HTTP request. It may throw. */
  readonly onRequest: () => void;
  /** Announces a request to the clock; what it returns is called when it is over. */
  readonly request: () => () => void;
  /** Answers requests without a socket; they leave through one, if absent. */
  readonly exchange: Exchange | undefined;
}

/** Everything on a Lambda function's `require`: the modules of Node.js, without the machine that the emulator runs on. */
export function createRequire(options: ModuleOptions): (id: string) => unknown {
  const replaced: Readonly<Record<string, unknown>> = {
    process: options.process,
    "timers/promises": timers(options.sleep),
    http: options.exchange ? inProcessHttp(options.exchange, options.onRequest) : observedHttp(options),
    fs: emptyDisk(process.getBuiltinModule("fs"), true),
    "fs/promises": emptyDisk(process.getBuiltinModule("fs/promises"), false),
  };
  return (id) => {
    const name = id.replace(/^node:/, "");
    if (name in replaced) return replaced[name];
    if (isBuiltin(id)) return process.getBuiltinModule(id);
    throw Object.assign(new Error(`Cannot find module '${id}'`), { code: "MODULE_NOT_FOUND" });
  };
}

/** Only what waits: everything that a simulation's time has to know about. */
function timers(sleep: ModuleOptions["sleep"]) {
  const setTimeout = async (milliseconds = 1, value?: unknown, timerOptions?: { signal?: unknown }) => {
    if (timerOptions?.signal) throw new Error("The emulator's timers/promises takes no AbortSignal");
    await sleep(milliseconds);
    return value;
  };
  return { setTimeout, scheduler: { wait: (milliseconds: number) => sleep(milliseconds) } };
}

function observedHttp({ onRequest, request }: Pick<ModuleOptions, "onRequest" | "request">): object {
  const observed = (send: typeof http.request) => {
    return (...parameters: Parameters<typeof http.request>) => {
      onRequest();
      const end = request();
      return send(...parameters).once("close", end);
    };
  };
  return { ...http, request: observed(http.request), get: observed(http.get) };
}

/** The developer's files (`~/.aws/config` for one) are not the function's. */
function emptyDisk(module: object, synchronous: boolean): object {
  const refuse = (path: unknown) => {
    throw Object.assign(new Error(`ENOENT: no such file or directory, open '${String(path)}'`), { code: "ENOENT" });
  };
  const refuseLater = async (path: unknown) => refuse(path);
  const entries = Object.entries(module).map(([name, member]: [string, unknown]) => {
    if (name === "existsSync") return [name, () => false];
    if (name === "promises") return [name, emptyDisk(member as object, false)];
    // Classes stay: the SDK asks whether a body is an instance of ReadStream.
    if (typeof member !== "function" || /^[A-Z]/.test(name)) return [name, member];
    return [name, synchronous ? refuse : refuseLater];
  });
  return Object.fromEntries(entries);
}

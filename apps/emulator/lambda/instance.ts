import { EventEmitter } from "node:events";
import { format } from "node:util";
import { Script } from "node:vm";
import { ConnectionDropped } from "../service/calls";
import type { Exchange } from "../service/transport";
import { InstanceLost, thrownBy } from "./errors";
import { createRequire } from "./modules";
import { sharedRealm } from "./realm";

type WithGlobals = (globals: object) => (...values: unknown[]) => void;

/** A handler file, compiled once for all instances of all functions that have it. */
export interface HandlerCode {
  readonly withGlobals: WithGlobals;
  readonly file: string;
  /** Name of the export. */
  readonly handler: string;
}

const compiled = new Map<string, WithGlobals>();

export function compileHandler(source: string, file: string, handler: string): HandlerCode {
  try {
    const withGlobals = compiled.get(source) ?? compile(source, file);
    compiled.set(source, withGlobals);
    return { withGlobals, file, handler };
  } catch (error) {
    const { message } = error instanceof Error ? error : new Error(String(error));
    throw new InstanceLost("Runtime.UserCodeSyntaxError", `SyntaxError: ${message}`, [], { cause: error });
  }
}

/** One function, called once for each instance: V8 then keeps what it has learned of the code, and optimised, for all of them. */
function compile(source: string, filename: string): WithGlobals {
  // A script in a realm of its own cannot import, but it can require.
  const code = source.replaceAll(/(?<![.\w$])import\((?=["'`])/g, "__import(");
  // A global of such a realm is looked up in the emulator's own each time that it is used: locals are not.
  const realm = sharedRealm();
  const globals = Object.keys(realm.globals);
  const module = `function (exports, require, module, __filename, __dirname, __import) {${code}\n}`;
  return new Script(`(function ({ ${globals} }) { return ${module}; })`, { filename }).runInContext(realm.context);
}

export interface InstanceOptions {
  readonly code: HandlerCode;
  readonly now: () => number;
  readonly random: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Announces a request through a socket to the clock; what it returns is called at its end. */
  readonly request: () => () => void;
  /** Answers requests without a socket. */
  readonly exchange: Exchange | undefined;
  readonly log: (level: string, line: string) => void;
}

export interface InstanceInvocation {
  readonly event: string;
  readonly context: object;
  readonly environment: Readonly<Record<string, string>>;
  /** HTTP requests after which the process dies; it does not die if absent. */
  readonly dieAfterRequests?: number;
}

/** An execution environment: one process, which handles one invocation at a time and keeps its module between them. */
export class Instance {
  private readonly environment: Record<string, string> = {};
  private readonly process: object;
  private readonly require: (id: string) => unknown;
  private handler: ((event: unknown, context: object) => unknown) | undefined;
  private requestsLeft = Number.POSITIVE_INFINITY;
  private die: (failure: InstanceLost) => void = () => {};

  constructor(private readonly options: InstanceOptions) {
    this.process = this.ownProcess();
    const { sleep, request } = options;
    this.require = createRequire({
      process: this.process,
      sleep,
      request,
      exchange: options.exchange && this.mortal(options.exchange),
      onRequest: () => this.onRequest(),
    });
  }

  /**
   * Resolves to the JSON of the handler's result.
   * @throws {LambdaFailure} as Lambda reports it; {InstanceLost} if this instance is of no use any more
   */
  async handle({ event, context, environment, dieAfterRequests }: InstanceInvocation): Promise<string> {
    Object.assign(this.environment, environment);
    this.requestsLeft = dieAfterRequests ?? Number.POSITIVE_INFINITY;
    this.handler ??= this.load();
    const handler = this.handler;
    const death = new Promise<never>((_, reject) => {
      this.die = reject;
    });
    const result = (async () => handler(sharedRealm().parse(event), context))().catch((thrown: unknown) => {
      throw thrownBy("handler", thrown);
    });
    const value = await Promise.race([result, death]);
    try {
      return JSON.stringify(value) ?? "null";
    } catch (cause) {
      throw new InstanceLost("Runtime.MarshalError", "Unable to stringify response body as json", [], { cause });
    }
  }

  private load() {
    const { code, now, random, log } = this.options;
    const realm = sharedRealm();
    const { withGlobals, file, handler: name } = code;
    const module = { exports: {} };
    try {
      const dynamicImport = async (id: string) => namespaceOf(this.require(id));
      const own = {
        process: this.process,
        console: consoleOf(log),
        performance: { now, timeOrigin: 0 },
        Date: realm.dateAt(now),
        Math: realm.mathWith(random),
      };
      const run = withGlobals({ ...realm.globals, ...own });
      run(module.exports, this.require, module, file, "/var/task", dynamicImport);
    } catch (thrown) {
      const failure = thrownBy("module", thrown);
      if (!failure.errorMessage.startsWith("Cannot find module")) throw failure;
      throw new InstanceLost("Runtime.ImportModuleError", `Error: ${failure.errorMessage}`, failure.trace);
    }
    const exported: unknown = Reflect.get(module.exports, name);
    if (typeof exported === "function") return exported as (event: unknown, context: object) => unknown;
    throw new InstanceLost("Runtime.HandlerNotFound", `${file}.${name} is undefined or not exported`);
  }

  private onRequest(): void {
    if (this.requestsLeft > 0) {
      this.requestsLeft -= 1;
      return;
    }
    // Whatever the handler makes of this, no request of its leaves the instance any more.
    throw this.kill();
  }

  /** A request may be the last thing that the process did. */
  private mortal(exchange: Exchange): Exchange {
    return async (request) => {
      try {
        return await exchange(request);
      } catch (error) {
        if (error instanceof ConnectionDropped && error.callerDies) this.kill();
        throw error;
      }
    };
  }

  private kill(): InstanceLost {
    const failure = new InstanceLost("Runtime.ExitError", "Runtime exited with error: signal: killed");
    this.requestsLeft = 0;
    this.die(failure);
    return failure;
  }

  /** Nothing of the emulator's own process. */
  private ownProcess(): object {
    const { version, versions, platform, arch, release } = process;
    const write = (level: string) => (text: unknown) => {
      this.options.log(level, String(text));
      return true;
    };
    return Object.assign(new EventEmitter(), {
      env: this.environment,
      argv: ["node", "/var/runtime/index.mjs"],
      execArgv: [],
      cwd: () => "/var/task",
      emitWarning: (warning: unknown) => this.options.log("WARN", String(warning)),
      exit: (code = 0) => {
        const failure = new InstanceLost("Runtime.ExitError", `Runtime exited with error: exit status ${code}`);
        this.die(failure);
        throw failure;
      },
      hrtime: process.hrtime,
      memoryUsage: process.memoryUsage,
      nextTick: process.nextTick,
      stderr: { write: write("ERROR") },
      stdout: { write: write("INFO") },
      uptime: () => 0,
      ...{ version, versions, platform, arch, release },
    });
  }
}

function consoleOf(log: InstanceOptions["log"]): object {
  const at =
    (level: string) =>
    (...values: unknown[]) =>
      log(level, format(...values));
  return {
    debug: at("DEBUG"),
    error: at("ERROR"),
    info: at("INFO"),
    log: at("INFO"),
    trace: at("TRACE"),
    warn: at("WARN"),
  };
}

/** What `import()` of a module of Node.js gives. */
function namespaceOf(module: unknown): object {
  return { ...(typeof module === "object" ? module : {}), default: module };
}

import { TestEnvironment } from "jest-environment-node";

declare global {
  /** A TypeScript module of this folder as Node.js loads it: once in a process, while Jest loads one for every test file. */
  var outside: (path: string) => unknown;
}

/** Node.js, and a way past Jest's modules. */
export default class extends TestEnvironment {
  override async setup(): Promise<void> {
    await super.setup();
    this.global.outside = (path: string) => {
      const tsx: typeof import("tsx/cjs/api") = require("tsx/cjs/api");
      return tsx.require(path, __filename);
    };
  }
}

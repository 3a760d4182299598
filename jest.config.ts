import type { Config } from "jest";

/** Packages that ship ES modules only: the test transform has to include them. */
const esModules = ["p-retry", "is-network-error", "p-map"];

const config: Config = {
  testEnvironment: "node",
  roots: ["<rootDir>/test"],
  testMatch: ["**/*.test.ts"],
  transform: {
    "^.+\\.(t|j)s$": ["@swc/jest", { jsc: { target: "es2022", parser: { syntax: "typescript" } } }],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${esModules.join("|")})/)`],
  // A checkout that has been run holds copies of package.json in cdk.out: they are not modules.
  modulePathIgnorePatterns: ["<rootDir>/cdk.out", "<rootDir>/.emulator"],
};

export default config;

// It comes once for every test file, and says nothing about the tests.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";

/** Packages that ship ES modules only: the test transform has to include them. */
const esModules = [
  "p-retry",
  "is-network-error",
  "p-map",
  "pure-rand",
  "log-update",
  "fast-string-truncated-width",
  "leven",
  "temporal-polyfill",
  "temporal-utils",
  "@noble/curves",
  "@noble/hashes",
  "hyparquet",
  "hyparquet-writer",
];

/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "<rootDir>/test/support/environment.ts",
  globalSetup: "<rootDir>/test/support/global-setup.ts",
  globalTeardown: "<rootDir>/test/support/global-teardown.ts",
  // The only bound in real time, for what hangs, and no measure: machines differ, and are busy.
  testTimeout: 600_000,
  maxWorkers: "100%",
  roots: ["<rootDir>/test"],
  testMatch: ["**/*.test.ts"],
  // `npm run test:browser` runs those that need Chromium.
  testPathIgnorePatterns: ["/node_modules/", "<rootDir>/test/browser/"],
  transform: {
    "^.+\\.(t|j)s$": ["@swc/jest", { jsc: { target: "es2022", parser: { syntax: "typescript" } } }],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${esModules.join("|")})/)`],
  modulePathIgnorePatterns: ["<rootDir>/cdk.out", "<rootDir>/.emulator"],
};

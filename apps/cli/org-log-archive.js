#!/usr/bin/env node
// The tool is TypeScript, run as it is.
require("tsx/cjs");
require("./main.ts");

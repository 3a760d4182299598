#!/usr/bin/env node
const { join } = require("node:path");
const { pathToFileURL } = require("node:url");
const { bundleFolder } = require("../bundle/index.js");

import(pathToFileURL(join(bundleFolder(), "main.js")).href);

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

/** Of this tool, as `package.json` has it. */
export const toolVersion = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(join(__dirname, "..", "..", "package.json"), "utf8"))).version;

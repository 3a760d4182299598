import { createColors } from "picocolors";
import type { Colors } from "picocolors/types";

export type { Colors };

/**
 * Colours for a terminal that has them. A pipe or a file gets none, whatever the environment says: what reads it is a program.
 * `NO_COLOR` and `TERM=dumb` count, as Node.js reads them. https://nodejs.org/api/tty.html#writestreamhascolorscount-env
 */
export function coloursFor(out: { hasColors?(): boolean }): Colors {
  return createColors(out.hasColors?.() ?? false);
}

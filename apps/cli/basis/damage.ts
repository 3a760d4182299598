import type { NextCommand } from "../../terminal/next-command";
import { printable } from "../../terminal/printable";

/** Of each kind, what is listed; the rest is counted. */
const listed = 20;

/** An answer that lacks what the archive has lost, or has what was put there, must not look like any other. */
export function damageText(unreadable: readonly string[], doubts: readonly string[], next: NextCommand): string {
  const lines = [
    ...listing("These cannot be read, and the answer lacks what they say:", unreadable),
    ...listing("The archive does not hold what its receipts count:", doubts),
  ];
  if (lines.length === 0) return "";
  return ["Do not rely on this answer.", ...lines, `\`${next("verify --deep")}\` finds all that is wrong.`, ""].join(
    "\n",
  );
}

function listing(head: string, all: readonly string[]): string[] {
  const found = [...new Set(all)].map((one) => `  ${printable(one)}`);
  if (found.length === 0) return [];
  const more = found.length > listed ? [`  and ${found.length - listed} more`] : [];
  return [head, ...found.slice(0, listed), ...more];
}

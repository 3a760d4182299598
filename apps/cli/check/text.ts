import type { Colors } from "../../terminal/colours";
import { fold } from "../../terminal/fold";
import { printable } from "../../terminal/printable";
import type { Result } from "./check";

/** Details that are listed; `--json` has all. */
const listed = 15;

const marks = { passed: "✔", failed: "✘", unknown: "?" } as const;

/** @param width columns of the terminal */
export function resultText(
  { name, region, asks, means, cure, status, details }: Result,
  width: number,
  colours: Colors,
): string {
  const paint = status === "passed" ? colours.green : status === "failed" ? colours.red : colours.yellow;
  const head = `${paint(`${marks[status]} ${name}`)}${region ? `  ${region}` : ""}\n`;
  if (status === "passed") return head;
  const more = details.length > listed ? [`and ${details.length - listed} more (--json has all)`] : [];
  const advice = status === "failed" ? [means, cure] : ["It could not be asked, which says nothing of the answer."];
  const lines = [asks, ...details.slice(0, listed).map(printable), ...more, ...advice];
  return (
    head +
    lines
      .flatMap((line) => fold(line, width - 4))
      .map((line) => `    ${line}\n`)
      .join("")
  );
}

export function summaryText(results: readonly Result[], colours: Colors): string {
  const count = (status: Result["status"]) => results.filter((result) => result.status === status).length;
  const [failed, unknown] = [count("failed"), count("unknown")];
  if (failed + unknown === 0) return `${colours.green(`All ${results.length} checks passed.`)}\n`;
  const parts = [
    `${count("passed")} passed`,
    `${failed} failed`,
    ...(unknown > 0 ? [`${unknown} could not be asked`] : []),
  ];
  return `${colours.red(`${parts.join(", ")}.`)}\n`;
}

import type { Colors } from "../../../terminal/colours";
import { fold } from "../../../terminal/fold";
import { printable } from "../../../terminal/printable";
import type { Ending, LiveResult } from "./live-check";

const marks = { settled: "✔", open: "?", failed: "✘" } as const;

/** @param width columns of the terminal */
export function liveResultText(
  { name, asks, means, cure, status, says }: LiveResult,
  width: number,
  colours: Colors,
): string {
  const paint = status === "settled" ? colours.green : status === "failed" ? colours.red : colours.yellow;
  const lines = [
    asks,
    status === "open" ? `Not settled. ${says}` : says,
    ...(status === "failed" ? [means, cure] : []),
  ];
  const text = lines.flatMap((line) => fold(printable(line), width - 4)).map((line) => `    ${line}\n`);
  return `${paint(`${marks[status]} ${name}`)}\n${text.join("")}`;
}

/** How it ended, what it left, and where the report is. @param width columns of the terminal */
export function endText(
  results: readonly LiveResult[],
  { ending, left, report }: { readonly ending?: Ending; readonly left: string; readonly report: string },
  width: number,
  colours: Colors,
): string {
  const count = (status: LiveResult["status"]) => results.filter((result) => result.status === status).length;
  const isWell = ending === undefined && count("failed") === 0;
  const counts = `${count("settled")} settled, ${count("open")} not settled, ${count("failed")} failed.`;
  const stopped = ending?.kind === "slot-taken" || ending?.kind === "no-end" ? [`It ended early. ${ending.said}`] : [];
  const lines = [
    ...stopped,
    left,
    `Report: ${report}. Read it before you send it: it names no account and no log group.`,
  ];
  return `${(isWell ? colours.green : colours.red)(counts)}\n${lines
    .flatMap((line) => fold(printable(line), width))
    .map((line) => `${line}\n`)
    .join("")}`;
}

/** No principal deletes it. */
export function leftText(bucket: string, prefixes: readonly string[]): string {
  if (prefixes.length === 0) return "No export was left in the bucket.";
  return `Left in ${bucket}, where verify names them as orphan folders, beside aws-logs-write-test: ${prefixes.join(", ")}.`;
}

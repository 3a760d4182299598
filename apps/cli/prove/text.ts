import { count, size } from "../../terminal/amounts";
import type { Colors } from "../../terminal/colours";
import { fold, labelled } from "../../terminal/fold";
import { printable } from "../../terminal/printable";
import { weightColours, weightOf } from "../coverage/incomplete";
import { verificationText } from "../verify/text";
import type { ArchiveVerification } from "../verify/verify-archive";
import type { Conclusion } from "./conclusion";
import type { DayProof, ProvenObject, RegionProof } from "./proof";

/** What a page of proof says, and of what. */
export interface Page {
  readonly account: string;
  readonly name: string;
  readonly logGroup: string;
  readonly from: string;
  readonly to: string;
  readonly archive: string;
  readonly toolVersion: string;
  /** ISO 8601, UTC. */
  readonly checkedAt: string;
  /** The last of these days that a run can have archived by now. */
  readonly lastDue: string;
  readonly regions: readonly RegionProof[];
  readonly verification: ArchiveVerification;
  readonly conclusion: Conclusion;
}

/** @param width columns of the terminal */
export function pageText(page: Page, width: number, colours: Colors): string {
  const { account, name, logGroup, from, to, archive, toolVersion, checkedAt, lastDue, regions, verification } = page;
  const line = (label: string, text: string) => labelled(label.padEnd(11), printable(text), width);
  const lines = [
    colours.bold(fold(printable(`Log group ${logGroup}`), width).join("\n")),
    line("Account", `${account} ${name}`.trimEnd()),
    line("Days", from === to ? from : `${from} to ${to}`),
    line("Archive", archive),
    line("Made", `${checkedAt} by org-log-archive ${toolVersion}`),
    line("Hashes", "SHA-256 of an object's bytes as they are stored"),
    ...regions.flatMap(({ region, days }) => [
      "",
      colours.bold(region),
      ...days.flatMap((day) => dayText(day, width, colours)),
    ]),
    "",
    ...(lastDue < to ? [line("Not due", `What comes after ${lastDue}: no run can have archived it yet.`)] : []),
    colours.bold("Verification"),
    verificationText(verification, width, colours).trimEnd(),
    verdict(page, width, colours),
  ];
  return `${lines.join("\n")}\n`;
}

function dayText({ day, standing, stands, ...rest }: DayProof, width: number, colours: Colors): string[] {
  const paint = colours[standing ? weightColours[weightOf(standing)] : "dim"];
  const line = (label: string, text: string) => labelled(`  ${label.padEnd(9)}`, printable(text), width);
  const object = (label: string, { key, sha256 }: ProvenObject, what: string) => [
    line(label, what),
    // Broken in two it could not be copied.
    labelled(" ".repeat(11), printable(key), width, "whole"),
    line("", sha256),
  ];
  const hasReceipt = rest.receipts.length > 0;
  return [
    paint(labelled(`${day} `, printable(standing ? stands : "no such log group in the account"), width)),
    ...expectedLines(rest.expected).map((text) => line("expected", text)),
    ...rest.receipts.flatMap((one) => object("receipt", one, `${count(one.objects, "object")}, ${size(one.bytes)}`)),
    // Where there is a receipt, it is what the day rests on, and the seal binds both.
    ...(hasReceipt ? [] : rest.coverage.flatMap((one) => object("coverage", one, "speaks of it"))),
    ...rest.seals.flatMap((one) =>
      object(
        "seal",
        one,
        hasReceipt ? `binds ${count(one.objects, "object")}, ${count(one.events, "event")}` : "binds the coverage",
      ),
    ),
    ...rest.digests.flatMap((one) =>
      object("digest", one, `${one.sequence}, ${one.isSigned ? "with a signature" : "not signed"}`),
    ),
  ];
}

/** Runs look at a day again for as long as it is in their look-back: those that found it settled are counted. */
function expectedLines(expected: DayProof["expected"]): string[] {
  if (expected.length === 0) return ["nothing: no run covered this day"];
  const settled = expected.filter(({ what }) => what.startsWith("nothing to do"));
  const acting = expected.filter((one) => !settled.includes(one));
  const texts = acting.map(({ runId, what }) => `${what} (run ${runId})`);
  return settled.length === 0 ? texts : [...texts, `nothing more, by runs that found it settled: ${settled.length}`];
}

function verdict(
  { conclusion: { verdict, days, failedDays, openFindings, unproven } }: Page,
  width: number,
  colours: Colors,
) {
  const say = (paint: (text: string) => string, text: string) => paint(fold(text, width).join("\n"));
  switch (verdict) {
    case "altered":
      return say(colours.red, "VERDICT: altered. The archive is not as it was written.");
    case "incomplete":
      return say(
        colours.red,
        failedDays > 0
          ? `VERDICT: incomplete. Not archived: ${failedDays} of ${count(days, "day")}.`
          : `VERDICT: incomplete. Not archived, sealed or signed yet: ${openFindings}.`,
      );
    case "complete, not proven":
      return say(
        colours.yellow,
        `VERDICT: complete by its records (${count(days, "day")}), which nothing contradicts. Not all of it is proven: see above.`,
      );
    case "complete and unaltered":
      return say(
        colours.green,
        `VERDICT: complete and unaltered${unproven.length > 0 ? ", as far as was looked" : ""}. Of ${count(days, "day")}, each is archived or has its reason on record.`,
      );
  }
}

import { count } from "../../terminal/amounts";
import type { Colors } from "../../terminal/colours";
import { labelled } from "../../terminal/fold";
import { printable } from "../../terminal/printable";
import { type FindingKind, findingKinds, type Weight, weightOf } from "../../verify/findings";
import { spansOf, spanText } from "../basis/spans";
import type { NamedFinding } from "./verify-archive";

/** Lines of a kind that are listed; the findings of the rest are counted. */
const listed = 20;

/** Findings that differ in the day alone. */
interface Place {
  readonly finding: NamedFinding;
  readonly days: string[];
  findings: number;
}

/** What was found, by kind. What several places have in common is told once, before them. @param width columns of the terminal */
export function findingLines(findings: readonly NamedFinding[], width: number, colours: Colors): string[] {
  const colour: Readonly<Record<Weight, (text: string) => string>> = {
    damage: colours.red,
    open: colours.yellow,
    known: colours.dim,
  };
  return byKind(findings).flatMap(([kind, ofKind]) => {
    const { meaning } = findingKinds[kind];
    const head = labelled(`${kind.padEnd(20)} `, `${count(ofKind.length, "finding")}: ${meaning}`, width);
    return [head, ...placesText(ofKind, width)].map(colour[weightOf({ kind })]);
  });
}

function placesText(findings: readonly NamedFinding[], width: number): string[] {
  const lines: string[] = [];
  let room = listed;
  let rest = findings.length;
  for (const [detail, places] of byDetail(findings)) {
    if (room === 0) break;
    const shown = places.slice(0, room);
    const [first] = shown;
    // A key that is broken in two could not be copied.
    const longWords = detail.includes(" ") ? "broken" : "whole";
    const line = (indent: string, text: string) => labelled(indent, printable(text), width, longWords);
    if (places.length === 1 && first)
      lines.push(line("  ", [placeText(first), detail].filter((part) => part !== "").join(": ")));
    else
      lines.push(
        line("  ", detail.endsWith(".") ? detail : `${detail}:`),
        ...shown.map((place) => line("    ", placeText(place))),
      );
    room -= shown.length;
    rest -= shown.reduce((sum, place) => sum + place.findings, 0);
  }
  return rest > 0 ? [...lines, `  and ${count(rest, "finding")} more: --json has all`] : lines;
}

function placeText({ finding: { bucket, account, accountName, logGroup }, days }: Place): string {
  const spans = spansOf([...new Set(days)].sort())
    .map(spanText)
    .join(", ");
  return [bucket, account, accountName, spans, logGroup].filter((part) => part !== undefined && part !== "").join(" ");
}

/** The places of each detail, both in the order in which they were found. */
function byDetail(findings: readonly NamedFinding[]): [string, Place[]][] {
  const details = new Map<string, Map<string, Place>>();
  for (const finding of findings) {
    const { bucket, account, logGroup, detail, day } = finding;
    const places = details.get(detail) ?? new Map<string, Place>();
    details.set(detail, places);
    const id = JSON.stringify([bucket, account, logGroup]);
    const place = places.get(id) ?? { finding, days: [], findings: 0 };
    places.set(id, place);
    place.findings += 1;
    if (day !== undefined) place.days.push(day);
  }
  return [...details].map(([detail, places]) => [detail, [...places.values()]]);
}

function byKind(findings: readonly NamedFinding[]): [FindingKind, NamedFinding[]][] {
  const kinds = new Map<FindingKind, NamedFinding[]>();
  for (const finding of findings) {
    const ofKind = kinds.get(finding.kind);
    if (ofKind) ofKind.push(finding);
    else kinds.set(finding.kind, [finding]);
  }
  const order = Object.keys(findingKinds);
  return [...kinds].sort(([a], [b]) => order.indexOf(a) - order.indexOf(b));
}

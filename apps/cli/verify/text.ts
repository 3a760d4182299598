import type { BucketSettings } from "../../../handlers/archive/store";
import { count, size } from "../../terminal/amounts";
import type { Colors } from "../../terminal/colours";
import { fold, labelled } from "../../terminal/fold";
import { printable } from "../../terminal/printable";
import { type Weight, weightOf } from "../../verify/findings";
import { findingLines } from "./findings-text";
import type { ArchiveVerification } from "./verify-archive";

export interface Verdict {
  /** False where something is damaged; null where nothing contradicts itself, and not all of it is proven. */
  readonly intact: boolean | null;
  /** Nothing is left that a run or a person can cure. */
  readonly complete: boolean;
  readonly proven: boolean;
  /** What could not be proven, a sentence each. */
  readonly unproven: readonly string[];
}

/** What a verification comes to. */
export function verdictOf({ findings, hasKey, hasHead, unusedKeys, deep, buckets }: ArchiveVerification): Verdict {
  const has = (weight: Weight) => findings.some((finding) => weightOf(finding) === weight);
  const unproven = [
    ...(hasKey ? [] : ["Who signed the digests: give --public-key. Without it, all may have been written anew."]),
    ...(hasHead ? [] : ["That the newest digests were not removed: give --head, a digest that you kept elsewhere."]),
    ...(deep ? [] : ["That the exported objects have the bytes that were sealed: give --deep."]),
    ...buckets.filter(({ digests }) => digests === 0).map(({ bucket }) => `Anything of ${bucket}: it has no digests.`),
    ...unusedKeys.map((name) => `Anything that is signed with ${name}: no digest here is. Is a bucket missing?`),
  ];
  const proven = hasKey && buckets.every(({ digests, signed }) => digests > 0 && digests === signed);
  return { intact: has("damage") ? false : proven ? true : null, complete: !has("open"), proven, unproven };
}

/** @param width columns of the terminal */
export function verificationText(result: ArchiveVerification, width: number, colours: Colors): string {
  const { findings, buckets } = result;
  const of = buckets.flatMap(({ bucket, head, digests, signed, signers, settings }) => [
    bucket,
    ...(head === undefined
      ? [labelled("  ", "no digests", width)]
      : [
          labelled("  head  ", head, width),
          labelled(
            "  ",
            `${count(digests, "digest")}, ${signed} signed by a given key${signers.map((signer) => ` ${signer.slice(0, 16)}`).join("")}`,
            width,
          ),
        ]),
    ...(settings ? [labelled("  now   ", settingsText(settings), width)] : []),
  ]);
  return `${[...findingLines(findings, width, colours), ...of, ...verdictLines(result, width, colours)].join("\n")}\n`;
}

/** How a bucket is set, in one line. */
function settingsText(settings: BucketSettings | "denied"): string {
  if (settings === "denied") return "how it is set may not be read: the policy OrgLogArchiveAuditor allows it";
  const { versioning, objectLock, encryption, lifecycle, accessLogs } = settings;
  const days = (of: (rule: BucketSettings["lifecycle"][number]) => readonly number[]) => {
    const all = lifecycle.flatMap(of);
    return all.length > 0 ? Math.min(...all) : undefined;
  };
  const expires = days(({ expiresAfterDays }) => (expiresAfterDays === undefined ? [] : [expiresAfterDays]));
  const moves = days(({ movesTo }) => movesTo.map(({ afterDays }) => afterDays));
  return printable(
    [
      `versioning ${versioning}`,
      objectLock ? `new objects are locked for ${objectLock.days} days (${objectLock.mode})` : "no lock on new objects",
      encryption
        ? `encrypted with ${encryption.algorithm}${encryption.keyArn ? ` ${encryption.keyArn}` : ""}`
        : "not encrypted",
      ...(moves === undefined ? [] : [`objects change their storage class after ${moves} days`]),
      expires === undefined ? "nothing expires" : `objects expire after ${expires} days`,
      accessLogs ? `access logs in ${accessLogs}` : "no access logs",
    ].join("; "),
  );
}

/** How many account days no run covered, in a sentence; empty where there is none. */
export function notCoveredText({ buckets }: Pick<ArchiveVerification, "buckets">): string {
  const sum = (of: "accountDays" | "notCovered" | "leftOut") =>
    buckets.reduce((total, bucket) => total + bucket[of], 0);
  if (sum("notCovered") === 0) return "";
  const all = sum("accountDays") + sum("leftOut");
  return `No run has covered ${sum("notCovered").toLocaleString("en")} of ${count(all, "account day")}.`;
}

/** What it comes to, a line for each that could not be proven included. @param width columns of the terminal */
export function verdictLines(result: ArchiveVerification, width: number, colours: Colors): string[] {
  const { intact, complete, unproven } = verdictOf(result);
  const { findings, buckets } = result;
  const sum = (of: "accountDays" | "leftOut" | "objects" | "bytes") =>
    buckets.reduce((total, bucket) => total + bucket[of], 0);
  const weigh = (weight: Weight) => findings.filter((finding) => weightOf(finding) === weight).length;
  const before =
    sum("leftOut") > 0
      ? `; ${count(sum("leftOut"), "account day")} more were found intact before, and not looked at again`
      : "";
  const counted = `${count(sum("accountDays"), "account day")}, ${count(sum("objects"), "object")}, ${size(sum("bytes"))}${before}`;
  const uncovered = notCoveredText(result);
  const open = complete
    ? ""
    : ` Not archived, sealed or signed yet: ${weigh("open").toLocaleString("en")}.${uncovered && ` ${uncovered}`}`;
  const say = (paint: (text: string) => string, text: string) => paint(fold(text, width).join("\n"));
  const notProven = (paint: (text: string) => string) =>
    unproven.map((what) => paint(labelled("Not proven: ", what, width)));
  if (intact === false)
    return [say(colours.red, `Altered: ${count(weigh("damage"), "finding")} in ${counted}.${open}`)];
  if (intact)
    return [...notProven(colours.dim), say(complete ? colours.green : colours.yellow, `Intact: ${counted}.${open}`)];
  return [
    ...notProven(colours.yellow),
    say(colours.yellow, `Nothing contradicts itself, and not all of it is proven: ${counted}.${open}`),
  ];
}

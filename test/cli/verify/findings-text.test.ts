import { createColors } from "picocolors";
import { findingLines } from "../../../apps/cli/verify/findings-text";
import type { NamedFinding } from "../../../apps/cli/verify/verify-archive";

/** What verifying found, as a person reads it: each reason once, with all that it is true of. */

const bucket = "org-log-archive-111122223333-eu-central-1";
const days = ["2026-11-14", "2026-11-15", "2026-11-16", "2026-11-18"];
const spans = "2026-11-14 to 2026-11-16, 2026-11-18";

function finding(day: string, detail: string, account = "111122223333"): NamedFinding {
  return { kind: "not-archived", bucket, account, accountName: "prod-web", day, logGroup: "/app/web", detail };
}

const text = (findings: readonly NamedFinding[], width = Number.POSITIVE_INFINITY) =>
  findingLines(findings, width, createColors(false)).join("\n").split("\n");

test("the days on which a log group failed for one reason are one line, with their spans", () => {
  const [head, ...lines] = text(days.map((day) => finding(day, "slot-busy")));
  expect(head).toContain("4 findings");
  expect(lines).toEqual([`  ${bucket} 111122223333 prod-web ${spans} /app/web: slot-busy`]);
});

test("a reason that several accounts have stands once, before them", () => {
  const accounts = ["111122223333", "222233334444"];
  const findings = accounts.flatMap((account) => days.map((day) => finding(day, "throttled", account)));
  expect(text(findings).slice(1)).toEqual([
    "  throttled:",
    ...accounts.map((account) => `    ${bucket} ${account} prod-web ${spans} /app/web`),
  ]);
});

test("two reasons of one log group are two lines, each with its own days", () => {
  const [one = "", other = ""] = days;
  const lines = text([finding(one, "slot-busy"), finding(other, "throttled"), finding(other, "slot-busy")]).slice(1);
  expect(lines).toEqual([
    `  ${bucket} 111122223333 prod-web ${one} to ${other} /app/web: slot-busy`,
    `  ${bucket} 111122223333 prod-web ${other} /app/web: throttled`,
  ]);
});

test("twenty places are listed, and the findings of the others are counted", () => {
  const findings = Array.from({ length: 25 }, (_, at) =>
    days.map((day) => finding(day, "throttled", String(100000000000 + at))),
  ).flat();
  const lines = text(findings);
  expect(lines.filter((line) => line.startsWith(`    ${bucket}`))).toHaveLength(20);
  expect(lines.at(-1)).toBe("  and 20 findings more: --json has all");
});

test("a key is never broken in two, and a sentence is broken where the terminal ends", () => {
  const key = `receipts/day=2026-11-14/account=111122223333/${"a".repeat(64)}.1.json`;
  expect(text([finding("2026-11-14", key)], 80)).toContain(`  ${key}`);
  const sentence = `because of arn:aws:iam::111122223333:role/${"r".repeat(60)} ${"and more ".repeat(20)}`;
  expect(text([finding("2026-11-14", sentence)], 80).filter((line) => line.length > 80)).toEqual([]);
});

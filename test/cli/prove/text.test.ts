import { createColors } from "picocolors";
import { type Page, pageText } from "../../../apps/cli/prove/text";
import type { CoverageLine } from "../../../handlers/archive/records";

/** What the first line of a day says of it, and in which colour. */

const colours = createColors(true);
const day = "2026-11-20";
const key = `receipts/day=${day}/account=111122223333/${"a".repeat(64)}.1.json`;

function page(standing: Pick<CoverageLine, "outcome" | "reason">): string {
  const line = { account: "111122223333", region: "eu-central-1", logGroup: "/app/web", day, runId: "run", at: day };
  const proven: Page = {
    ...{ account: "111122223333", name: "prod-web", logGroup: "/app/web", from: day, to: day, lastDue: day },
    ...{ archive: "s3", toolVersion: "1", checkedAt: day },
    regions: [
      {
        ...{ region: "eu-central-1", isKnown: true, logGroups: new Set<string>(), unreadable: [] },
        days: [
          {
            ...{ day, standing: { ...line, ...standing }, stands: "stands", expected: [], coverage: [], seals: [] },
            ...{ digests: [], receipts: [{ key, sha256: "b".repeat(64), objects: 1, bytes: 1 }] },
          },
        ],
      },
    ],
    verification: {
      ...{ archive: "s3", deep: false, hasKey: false, hasHead: false, unusedKeys: [], buckets: [], findings: [] },
    },
    conclusion: {
      verdict: "complete, not proven",
      ...{ days: 1, failedDays: 0, openFindings: 0, unproven: [], exitCode: 0 },
    },
  };
  return pageText(proven, 80, colours);
}

test.each([
  [{ outcome: "exported" }, colours.green],
  [{ outcome: "empty", reason: "no-objects" }, colours.green],
  [{ outcome: "failed", reason: "slot-busy" }, colours.red],
  [{ outcome: "skipped", reason: "expired" }, colours.yellow],
  [{ outcome: "exported", reason: "partly-expired" }, colours.yellow],
  [{ outcome: "skipped", reason: "excluded-by-configuration" }, colours.dim],
] as const)("a day that stands as %j has the colour that coverage has for it", (standing, paint) => {
  expect(page(standing).split("\n")).toContain(paint(`${day} stands`));
});

test("a key that is longer than the terminal is wide stands whole on a line of its own", () => {
  expect(page({ outcome: "exported" }).split("\n")).toContain(`${" ".repeat(11)}${key}`);
});

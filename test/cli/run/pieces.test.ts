import { mayBeTiered, piecesOf, tieringUsdPerGigabyte } from "../../../apps/cli/run/pieces";
import { backfillText, lookText, piecesText, startedText, tieringText } from "../../../apps/cli/run/text";
import { coloursFor } from "../../../apps/terminal/colours";
import { nextCommand } from "../../../apps/terminal/next-command";
import { daysBetween } from "../../../handlers/archive/expectations";
import { mostDaysOfRun, RunRequest } from "../../../handlers/contract/messages";

/** How a request becomes runs, and what is said of it. */

const now = Date.parse("2026-11-20T13:30:00.000Z");
const year = daysBetween("2025-01-01", "2025-12-31");

test("a year is split into runs that the handler takes, the oldest first, and no day is lost or doubled", () => {
  const pieces = piecesOf({ days: year.toReversed(), accounts: ["111122223333"] });
  expect(pieces.flatMap(({ days = [] }) => days)).toEqual(year);
  for (const piece of pieces) expect(RunRequest.parse(piece)).toMatchObject({ accounts: ["111122223333"] });
  expect(pieces.map(({ days = [] }) => days.length).slice(0, 11)).toEqual(Array(11).fill(mostDaysOfRun));
});

test("a request without days is one run", () => {
  expect(piecesOf({ logGroups: ["/a"] })).toEqual([{ logGroups: ["/a"] }]);
});

test("a day is called old from the day on that Intelligent Tiering may have moved it", () => {
  expect(mayBeTiered(["2026-10-22"], now)).toBe(false);
  expect(mayBeTiered(["2026-11-19", "2026-10-21"], now)).toBe(true);
});

test("what reading a GB from the lowest tier adds: a month at Standard's price, then two at that of the tier between", () => {
  const [standard, between, lowest] = [0.03, 0.03 * 0.6, 0.03 * 0.2];
  expect(tieringUsdPerGigabyte()).toBeCloseTo(standard - lowest + 2 * (between - lowest));
});

test("runs one after the other are told in runs, in time, and in what they may cost the accounts", () => {
  const deadline = "2026-11-21T13:20:00.000Z";
  const text = piecesText(piecesOf({ days: year }), deadline, now, 80, "plan it").replaceAll("\n", " ");
  expect(text).toContain("365 days take 12 runs");
  expect(text).toContain("24 hours from now");
  expect(text).toContain("this foretells:   plan it ");
  expect(text).toContain("take about 12 days");
  expect(tieringText(80)).toContain("$0.048 a stored GB");
  expect(piecesText([{}], deadline, now, 80, "plan it")).toBe("");
});

test("a backfill that scheduled runs go on with is told in days and runs", () => {
  const text = backfillText(365, 28, 80, "plan it").replaceAll("\n", " ");
  expect(text).toContain("28 days by this run");
  expect(text).toContain("14 runs at least");
  expect(text).toContain("this foretells:   plan it ");
});

test("what a person gave is not obeyed, and fits 80 columns", () => {
  const colours = coloursFor({});
  const bucket = "org-log-archive-200000000000-eu-central-1";
  const request = { logGroups: ["/\u001b[2J".repeat(30)] };
  const started = startedText(
    { region: "eu-central-1", bucket, runId: "by-hand", request, deadline: "2026-11-21T13:20:00.000Z" },
    80,
    colours,
  );
  const look = lookText(
    {
      ...{ region: "eu-central-1", runId: "by-hand", piece: 2, pieces: 3 },
      execution: { status: "FAILED", cause: "\u001b[2J".repeat(40) },
      unknownLogGroups: ["/\u001b[2J"],
    },
    80,
    colours,
    nextCommand(),
  );
  expect(started + look).not.toMatch(/(?!\n)\p{Cc}/u);
  const long = `${started}${look}`.split("\n").filter((line) => line.length > 80 && !line.includes("--bucket"));
  expect(long).toEqual([]);
  expect(look).toContain("run 2 of 3");
});

import { noCounts } from "../../../handlers/archive/summary";
import { account, coverageLine, runId } from "../support/examples";
import { summarize } from "../support/summary";

const at = Date.UTC(2026, 10, 20, 15);
const failed = (logGroup: string, reason: string) => coverageLine({ logGroup, outcome: "failed", reason });

it("counts every outcome and adds up the bytes", () => {
  const lines = [
    coverageLine({ bytes: 20 }),
    coverageLine({ bytes: 3, reason: "partly-expired" }),
    coverageLine({ outcome: "empty", reason: "no-objects", bytes: 0 }),
    coverageLine({ outcome: "skipped", reason: "expired" }),
    failed("/a", "deadline"),
  ];
  expect(summarize(account, runId, lines, at)).toMatchObject({
    counts: { exported: 2, empty: 1, skipped: 1, failed: 1 },
    bytes: 23,
    at: "2026-11-20T15:00:00.000Z",
  });
});

it("groups by cause what was not simply exported, whatever the details are", () => {
  const lines = [coverageLine(), failed("/a", "slot-busy: task 1"), failed("/b", "slot-busy: task 2")];
  expect(summarize(account, runId, lines, at).causes).toEqual([
    {
      outcome: "failed",
      reason: "slot-busy",
      count: 2,
      days: { "2026-11-19": 2 },
      examples: [
        { logGroup: "/a", day: "2026-11-19", reason: "slot-busy: task 1" },
        { logGroup: "/b", day: "2026-11-19", reason: "slot-busy: task 2" },
      ],
    },
  ]);
});

it("stays small in an account where everything fails", () => {
  const lines = Array.from({ length: 10_000 }, (_, index) => failed(`/group/${index}`, "deadline"));
  const [cause] = summarize(account, runId, lines, at).causes;
  expect(cause?.count).toBe(10_000);
  expect(cause?.examples).toHaveLength(5);
});

it("keeps a reason that is none of ours", () => {
  expect(summarize(account, runId, [failed("/a", "sunspots: many")], at).causes).toMatchObject([
    { reason: "sunspots: many" },
  ]);
});

it("says of an account with nothing to do that nothing was done", () => {
  expect(summarize(account, runId, [], at)).toMatchObject({ counts: noCounts, causes: [] });
});

import { followRuns, type Look } from "../../../apps/cli/run/follow";
import { accountListKey, reportKey, summaryKey } from "../../../handlers/archive/layout";
import { AccountList, AccountSummary, Report } from "../../../handlers/archive/records";
import { MemoryBucket } from "../../handlers/archive/support/memory-bucket";
import { account, region, utcDay } from "../../handlers/support/examples";

/** Runs one after the other, by the records that they leave. */

const startedAt = "2026-11-20T13:30:00.000Z";

/** How many items a run archives, and for how many its time is not enough. */
interface Fate {
  readonly archived: number;
  readonly left: number;
}

/** Follows runs that fare like this, one after the other. */
async function followed(fates: readonly Fate[], days: readonly (readonly string[])[]) {
  const objects = new Map<string, Buffer>();
  const started: string[] = [];
  const slept: number[] = [];
  const looks: Look[] = [];
  const describes = new Map<string, number>();
  const put = (key: string, value: object) => objects.set(key, Buffer.from(JSON.stringify(value)));
  const ports = {
    region,
    archive: new MemoryBucket("bucket", objects),
    clock: {
      now: () => Date.parse(startedAt),
      sleep: async (ms: number) => {
        slept.push(ms);
      },
    },
    newRunId: () => `run-${started.length + 1}`,
    executions: {
      start: async (runId: string) => {
        started.push(runId);
        const fate = fates[started.length - 1] ?? { archived: 0, left: 0 };
        for (const [key, value] of recordsOf(runId, fate)) put(key, value);
      },
      describe: async (runId: string) => {
        const asked = (describes.get(runId) ?? 0) + 1;
        describes.set(runId, asked);
        return { status: asked < 3 ? "RUNNING" : "SUCCEEDED" };
      },
    },
  };
  const pieces = days.map((of) => ({ days: [...of] }));
  const ended = await followRuns(pieces, ports, async (look) => {
    looks.push(look);
  });
  return { started, slept, looks, ended };
}

function recordsOf(runId: string, { archived, left }: Fate): [string, object][] {
  const counts = { exported: archived, empty: 0, skipped: 0, failed: left, known: 0 };
  const cause = { outcome: "failed" as const, reason: "deadline", count: left, days: {}, examples: [] };
  const head = { version: 1 as const, runId };
  const list = AccountList.parse({
    ...{ ...head, startedAt, deadline: startedAt, days: [utcDay("2026-11-19")] },
    accounts: [{ id: account, name: "one", state: "ACTIVE" }],
  });
  const causes = left > 0 ? [cause] : [];
  const summary = AccountSummary.parse({ ...head, account, counts, bytes: 1, causes, at: startedAt });
  const report = Report.parse({
    ...{ ...head, region, startedAt, finishedAt: startedAt, days: [], counts, bytes: 1, accounts: [], causes: [] },
    status: left > 0 ? "incomplete" : "complete",
  });
  return [
    [accountListKey(runId), list],
    [summaryKey(runId, account, 1), summary],
    [reportKey(runId), report],
  ];
}

test("a run that its time was not enough for is started again until nothing is left, and then comes the next", async () => {
  const fates = [
    { archived: 5, left: 4 },
    { archived: 0, left: 4 },
    { archived: 4, left: 0 },
    { archived: 1, left: 0 },
  ];
  const { started, ended } = await followed(fates, [["2026-11-18"], ["2026-11-19"]]);
  expect(started).toEqual(["run-1", "run-2", "run-3", "run-4"]);
  expect(ended.map(({ runId, piece, pieces }) => [runId, piece, pieces])).toEqual([
    ["run-3", 1, 2],
    ["run-4", 2, 2],
  ]);
});

test("two runs that archive nothing are a standstill, which ends", async () => {
  const { started, ended } = await followed(
    Array.from({ length: 9 }, () => ({ archived: 0, left: 4 })),
    [["2026-11-18"]],
  );
  expect(started).toEqual(["run-1", "run-2"]);
  expect(ended[0]?.run).toMatchObject({ outOfTime: 4, status: "incomplete" });
});

test("a run is looked at soon at first, and then less and less often", async () => {
  const { slept, looks } = await followed([{ archived: 1, left: 0 }], [["2026-11-18"]]);
  expect(slept).toEqual([1000, 2000]);
  expect(looks.map(({ execution }) => execution.status)).toEqual(["RUNNING", "RUNNING", "SUCCEEDED"]);
});

import { closeAll, emulate } from "../support/emulated";
import { on } from "../support/faults";
import { HandlerCalls } from "../support/handler-calls";
import { logGroup, world } from "../support/organisation";
import { runOnce } from "../support/run";

afterEach(closeAll);

const excludeTag = { key: "archive", value: "no" };

it.each([true, false])(
  "leaves out the log groups that have the tag, whatever CloudWatch Logs makes of untagged ones (%s)",
  async (untaggedPassesNegation) => {
    const groups = [
      logGroup("/a", { tags: { archive: "no" } }),
      logGroup("/b", { tags: { archive: "No" } }),
      logGroup("/c", { tags: { archived: "no" } }),
      logGroup("/d"),
    ];
    const emulated = await emulate({ world: world(groups), logs: { untaggedPassesNegation } });
    const { report } = await runOnce(emulated, { logGroups: { excludeTag } });
    expect(report).toMatchObject({ status: "complete", exported: 3, skipped: 3 });
    const skipped = emulated.coverage().filter((line) => line.outcome === "skipped" && line.logGroup !== null);
    expect(skipped).toMatchObject([{ logGroup: "/a", reason: "excluded-by-configuration: logGroups.excludeTag" }]);
  },
);

it("asks once for a thousand tagged log groups, not once for each, and reads every page", async () => {
  const tags = { archive: "no" };
  const groups = Array.from({ length: 1100 }, (_, index) => logGroup(`/a/${index}`, { tags, streams: [] }));
  const emulated = await emulate({ world: world([...groups, logGroup("/b")]) });
  const fixture = new HandlerCalls(emulated, { logGroups: { excludeTag } });
  expect(await fixture.planExports(await fixture.listAccounts())).toMatchObject({ total: 1 });
  expect(emulated.calls("ListLogGroups")).toHaveLength(3);
});

it("never takes a refusal for no tags", async () => {
  const emulated = await emulate({ world: world([logGroup("/a", { tags: { archive: "no" } })]) });
  emulated.rules.push(on("ListLogGroups", { kind: "error", name: "AccessDeniedException" }));
  const { report } = await runOnce(emulated, { logGroups: { excludeTag } });
  expect(report).toMatchObject({ status: "incomplete", exported: 0, failed: 1 });
  expect(emulated.coverage().at(-1)?.reason).toMatch(/^access-denied/);
});

it("asks for no tags unless it is told to", async () => {
  const emulated = await emulate({ world: world([logGroup("/a")]) });
  await runOnce(emulated);
  expect(emulated.calls("ListLogGroups")).toEqual([]);
});

import { observe } from "../../../../apps/cli/check/live-export/observe";
import { livePorts } from "../../../../apps/cli/check/live-export/ports";
import { followRuns } from "../../../../apps/cli/run/follow";
import { parseConfiguration } from "../../../../constructs/configuration";
import { Executions } from "../../../../handlers/clients/executions";
import { closeAll, type Emulated, emulate } from "../../../handlers/support/emulated";
import { account, day, hour, region } from "../../../handlers/support/examples";
import { exportsEnd } from "../../../handlers/support/faults";
import {
  bucket,
  configuration,
  logArchive,
  logGroup,
  noonYesterday,
  start,
  stream,
  world,
} from "../../../handlers/support/organisation";
import { orgLogArchive } from "../../support/command";
import { asOperator } from "../../support/deployment-file";

/** Live exports beside the archive: neither the runs nor the verification of a day take harm from them. */

afterEach(closeAll);

const today = "2026-11-20";

async function organisation(): Promise<Emulated> {
  const events = stream("main", noonYesterday, start - hour, start + hour);
  const emulated = await emulate({ world: world([logGroup("/a", { streams: [events] })]) });
  emulated.deploy(configuration);
  Object.assign(process.env, asOperator(emulated));
  return emulated;
}

function liveExport({ source }: Emulated, onTask = async () => {}) {
  const told = { onTask, onLook: () => {} };
  return observe(livePorts({ region, account, logGroup: "/a" }, parseConfiguration(configuration), source, told));
}

function archive(emulated: Emulated, of: string) {
  const { clock, source } = emulated;
  const stateMachine = `arn:aws:states:${region}:${logArchive}:stateMachine:OrgLogArchive`;
  const ports = {
    ...{ region, clock, archive: emulated.store() },
    executions: new Executions(region, stateMachine, source),
    newRunId: () => `run-${of}`,
  };
  return followRuns([{ days: [of], accounts: [account] }], ports, async () => {});
}

test("a day in whose folder they lie is archived, complete and verified as any other, and they are named as what they are", async () => {
  const emulated = await organisation();
  const { exports } = await liveExport(emulated);
  expect(exports).toHaveLength(2);
  await emulated.clock.sleep(2 * day);
  const [look] = await archive(emulated, today);
  expect(look?.execution.status).toBe("SUCCEEDED");
  expect(emulated.receipts().map(({ tasks }) => tasks.map(({ objects }) => objects))).toEqual([[1]]);
  const where = ["--bucket", bucket, "--account", account, "--from", today, "--to", today];
  const verified = await orgLogArchive(["verify", ...where, "--deep"], asOperator(emulated));
  expect(verified).toMatchObject({ code: 0, out: expect.stringContaining("orphan-folder") });
  for (const { prefix } of exports) expect(verified.out.replaceAll(/\s+/g, "")).toContain(prefix);
  expect(await orgLogArchive(["coverage", ...where], asOperator(emulated))).toMatchObject({ code: 0 });
  const asked = ["query", "SELECT count(*) AS n FROM events", ...where, "--json"];
  expect(await orgLogArchive(asked, asOperator(emulated))).toMatchObject({ code: 0, out: '{"n":2}\n' });
});

test("a run that meets one waits for it as for any other's, adopts nothing of it, and is complete", async () => {
  const emulated = await organisation();
  emulated.rules.push(exportsEnd({ durationMs: 4 * 60_000 }));
  let live: ReturnType<typeof liveExport> | undefined;
  await new Promise<void>((resolve) => {
    live = liveExport(emulated, async () => resolve());
  });
  const [look] = await archive(emulated, "2026-11-19");
  expect(look?.execution.status).toBe("SUCCEEDED");
  const exports = (await live)?.exports ?? [];
  const receipted = emulated.receipts().flatMap(({ tasks }) => tasks.map(({ taskId }) => taskId));
  expect(receipted).toHaveLength(1);
  expect(exports.map(({ taskId }) => taskId)).not.toContain(receipted[0]);
  const [first] = emulated.exportTasks();
  expect(exports[0]?.taskId).toBe(first?.id);
});

import { seededFraction } from "../../apps/emulator";
import { closeAll, emulate } from "../handlers/support/emulated";
import { exportsEnd } from "../handlers/support/faults";
import { yesterday } from "../handlers/support/organisation";
import { runOnce } from "../handlers/support/run";
import { accountNumber, type Case, worldOf } from "./support/copies";
import { overwrittenReceipts, ownTasks, standings, verification } from "./support/verification";

afterEach(closeAll);

const accounts = 6;
const request = { days: [yesterday] };

it.each([
  [1, 2],
  [2, 2],
  [3, 3],
  [4, 3],
])(
  "loses and doubles nothing where runs overlap, and leaves an intact archive (seed %d, %d runs)",
  async (seed, runs) => {
    const cases: readonly Case[] = Array.from({ length: accounts }, (_, index) => ({ account: accountNumber(index) }));
    const emulated = await emulate({ world: worldOf(cases), throttling: false, seed });
    let tasks = 0;
    emulated.rules.push((call) =>
      exportsEnd({ durationMs: 200 + 20_000 * seededFraction(seed, "task", tasks++) })(call),
    );
    const run = (number: number) =>
      emulated.clock.run(async () => {
        await emulated.clock.sleep(number * 30_000 * seededFraction(seed, "start", number));
        await runOnce(emulated, { request, runId: `run-${number + 1}` });
      });
    await Promise.all(Array.from({ length: runs }, (_, number) => run(number)));
    const whole = Object.fromEntries(cases.map(({ account }) => [account, { "/a": "whole", "/b": "whole" }]));
    expect(Object.fromEntries(standings(emulated))).toEqual(whole);
    const exported = ownTasks(emulated);
    const { signed } = await runOnce(emulated, { request, runId: "run-afterwards" });
    expect(Object.fromEntries(standings(emulated))).toEqual(whole);
    expect(ownTasks(emulated)).toEqual(exported);
    expect(overwrittenReceipts(emulated)).toEqual([]);
    expect(await verification(emulated, signed.head)).toEqual([]);
  },
);

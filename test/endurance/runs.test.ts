import type { Call, Fault } from "../../apps/emulator";
import { chainFaults } from "../../handlers/archive/chain";
import { digestLink } from "../../handlers/archive/digests";
import { digestsOf } from "../handlers/support/digests";
import { closeAll, type Emulated, emulate } from "../handlers/support/emulated";
import { exportsEnd } from "../handlers/support/faults";
import { runOnce } from "../handlers/support/run";
import { accountNumber, type Case, disturbances, worldOf } from "./support/copies";
import { standings } from "./support/verification";

/** What a run does once, whatever the number of its accounts, is disturbed at every call in every way. */

afterEach(closeAll);

/** Signing is disturbed at every call by its own tests: it makes most of them. */
const functions = ["list-accounts", "report-run"];
/** That a process is dead for good is the business of the run after it, and an accounts' function's. */
const kinds = ["dies before", "dies after", "loses the answer"] as const;

function functionOf({ principal }: Call): string {
  const role = principal.kind === "session" ? principal.roleArn : "";
  return functions.find((name) => role.includes(`/OrgLogArchive-${name}-`)) ?? "";
}

/** What a call is about, alike in every run: which of the calls of its function with this operation and subject it is. */
function namesOf(runId: string): (call: Call) => string {
  const times = new Map<string, number>();
  return (call) => {
    const { Key = "", Prefix = "" }: { Key?: unknown; Prefix?: unknown } = Object(call.input);
    const subject = `${Key}${Prefix}`.replaceAll(`/${runId}/`, "/this run/").replaceAll(/run-\d+/g, "another run");
    const name = `${functionOf(call)}, ${call.operation} ${subject.replaceAll(/\d{10,12}/g, "number")}`.trimEnd();
    const time = (times.get(name) ?? 0) + 1;
    times.set(name, time);
    return `${name}, ${time}`;
  };
}

/** Disturbs these calls of a run, each once. Returns what happened, which grows. */
function disturb(emulated: Emulated, kind: (typeof kinds)[number], runId: string, calls: readonly string[]): string[] {
  const nameOf = namesOf(runId);
  const disturbed: string[] = [];
  emulated.rules.unshift((call): Fault | undefined => {
    const name = nameOf(call);
    if (!calls.includes(name) || disturbed.includes(`${kind}: ${name}`)) return undefined;
    disturbed.push(`${kind}: ${name}`);
    return disturbances[kind];
  });
  return disturbed;
}

it("lists and reports over every disturbance at every call: each run is complete, and the chain whole", async () => {
  // Each run archives an account of its own, as the schedule does with a day of its own.
  const accounts = Array.from({ length: 60 }, (_, index): Case => ({ account: accountNumber(index) }));
  const emulated = await emulate({ world: worldOf(accounts), throttling: false });
  emulated.rules.push(exportsEnd({ durationMs: 200 }));
  const runs: { readonly runId: string; readonly account: string; readonly what: readonly string[] }[] = [];
  const nextId = () => `run-${runs.length + 1}`;
  const run = async (what: readonly string[]) => {
    const [runId, account] = [nextId(), accountNumber(runs.length)];
    runs.push({ runId, account, what });
    const { execution, report } = await runOnce(emulated, { runId, request: { accounts: [account] } });
    expect([what, execution.status, report.status]).toEqual([what, "SUCCEEDED", "complete"]);
  };
  await run([]);
  const from = emulated.cloud.calls.length;
  // The second, which follows another one as all but the first do.
  const nameOf = namesOf(nextId());
  await run([]);
  const names = emulated.cloud.calls.slice(from).map(nameOf);
  const [listing = [], reporting = []] = functions.map((name) => names.filter((call) => call.startsWith(name)));
  for (let at = 0; at < Math.max(listing.length, reporting.length); at += 1)
    for (const kind of kinds) {
      const calls = [listing, reporting].flatMap((of) => of.slice(at, at + 1));
      await run(disturb(emulated, kind, nextId(), calls));
      emulated.rules.shift();
    }

  const cases = runs.flatMap(({ what }) => what);
  process.stdout.write(`${cases.length} cases of ${runs.length} runs\n`);
  expect([...cases].sort()).toEqual(
    kinds.flatMap((kind) => [...listing, ...reporting].map((call) => `${kind}: ${call}`)).sort(),
  );
  expect(reporting).toContain("report-run, PutObject runs/this run/report.json, 1");
  const found = standings(emulated);
  const whole = { "/a": "whole", "/b": "whole" };
  const unlike = runs.map(({ what, account }) => ({ what, standing: found.get(account) }));
  expect(unlike.filter(({ standing }) => JSON.stringify(standing) !== JSON.stringify(whole))).toEqual([]);
  const digests = digestsOf(emulated);
  expect(chainFaults(digests.map(digestLink))).toEqual([]);
  expect(digests.map(({ digest, isSigned }) => [digest.runId, isSigned])).toEqual(
    runs.map(({ runId }) => [runId, true]),
  );
});

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { closeAll, emulate } from "../handlers/support/emulated";
import { account } from "../handlers/support/examples";
import { bucket, logGroup, member, world, yesterday } from "../handlers/support/organisation";
import { runOnce } from "../handlers/support/run";
import { keyOfRuns } from "../verify/support/sealed-archive";
import { orgLogArchive } from "./support/command";
import { HoldingRelay } from "./support/holding-relay";
import { OnTerminal } from "./support/terminal";

/** A command that takes long, because a bucket does, in a real pseudo-terminal and in a pipe. */

/** How a line is begun anew. */
const redrawn = "\r\u001b[K";
const other = "400000000000";
const folder = mkdtempSync(join(tmpdir(), "org-log-archive-progress-"));
const key = join(folder, "key.pem");

beforeAll(async () => {
  const groups = [logGroup("/app/web"), logGroup("/app/web", { account: other })];
  const emulated = await emulate({ world: world(groups, [member(account), member(other)]) });
  await runOnce(emulated);
  writeFileSync(key, keyOfRuns(emulated).pem);
});
afterAll(async () => {
  await closeAll();
  rmSync(folder, { recursive: true });
});

const days = ["--from", yesterday, "--to", yesterday];
const mine = ["--public-key", key];
/** What CloudWatch Logs exported of the account whose turn comes last. */
const exportedLast = new RegExp(`/${other}/[^?]*\\.gz`);
const verifying = { drawn: ": 1 of 4 account days", end: "Intact: 4 account days" };
const asking = { drawn: " of 2 objects, ", end: "The archive holds all" };

interface Slow {
  readonly command: string;
  /** @param run names what it writes */
  readonly options: (run: string) => readonly string[];
  /** Objects that keep it waiting. */
  readonly held: RegExp;
  readonly drawn: string;
  readonly end: string;
}

/** What commands draw of how far they are. */
const progress = /\d of \d+ (account days|digest)|Fetched|so far/;

const commands: readonly Slow[] = [
  { command: "verify", options: () => ["--deep", ...mine], held: exportedLast, ...verifying },
  {
    command: "verify",
    options: () => mine,
    ...{ held: /digests\/0000000001\.json(\?|$)/, drawn: ": 0 of 1 digest", end: verifying.end },
  },
  {
    command: "evidence",
    options: (run) => [...days, "--deep", ...mine, "--out", join(folder, run)],
    ...{ held: exportedLast, ...verifying },
  },
  {
    command: "query",
    options: (run) => [...days, "--log-group", "/app/web", "--evidence", "--cache", join(folder, run)],
    ...{ held: exportedLast, ...asking },
  },
  {
    command: "search",
    options: (run) => ["main", ...days, "--cache", join(folder, run)],
    ...{ held: /\.parquet/, ...asking },
  },
];

test.each(commands)(
  "$command says on a terminal how far it is while it takes long, and takes it away again; in a pipe it says nothing of it",
  async ({ command, options, held, drawn, end }) => {
    const relay = new HoldingRelay(process.env.AWS_ENDPOINT_URL ?? "", held);
    try {
      const env = { AWS_ENDPOINT_URL: await relay.listen() };
      const ask = (run: string) => [command, ...options(`${command}-${run}`), "--bucket", bucket];
      // It begins before the one on the terminal does, and waits as long.
      const inPipe = orgLogArchive(ask("pipe"), env);
      const terminal = new OnTerminal(ask("terminal"), 80, { ...env, PAGER: "" });
      expect(await terminal.shows(drawn)).toBe(true);
      relay.letGo();
      const [{ code, text }, piped] = await Promise.all([terminal.ended(), inPipe]);
      expect([code, piped.code]).toEqual([0, 0]);
      const lines = text.split("\n").map((line) => line.split(redrawn));
      const [erased, left] = [lines.flatMap((drawings) => drawings.slice(0, -1)), lines.map((one) => one.at(-1))];
      expect(erased.filter((line) => line.includes(drawn))).not.toEqual([]);
      expect(erased.filter((line) => line.length >= 80)).toEqual([]);
      const told = `${piped.out}${piped.err}`;
      for (const kept of [left.join("\n"), told]) {
        expect(kept).toContain(end);
        expect(kept).not.toMatch(progress);
      }
      expect(told).not.toContain("\r");
    } finally {
      relay.close();
    }
  },
);

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SigningKey } from "../apps/emulator";
import { FolderStore } from "../handlers/archive/folder-store";
import { sha256Hex } from "../handlers/archive/hashing";
import { accountListKey, archiveBucketName, coverageKey, receiptKey } from "../handlers/archive/layout";
import type { AccountList, CoverageLine } from "../handlers/archive/records";
import { toLines } from "../handlers/archive/serialization";
import { sealAccount } from "../handlers/seal-account/seal-account";
import type { Signer } from "../handlers/sign-digest/digest-writer";
import { signDigest } from "../handlers/sign-digest/sign-digest";
import { itemOf } from "./archive";
import { progress, type Subject, tableOf } from "./subject";
import { shell, take, takeTool } from "./timed-command";

/**
 * What an auditor takes home of a year: `evidence` over an archive of as many runs as the year has days, sealed and signed as
 * runs do. One log group an account, because records are what it reads and copies; `cat` of the same records stands beside it.
 */

const region = "eu-central-1";
const logGroup = "/aws/lambda/function";
const days = 365;
const dayMs = 86_400_000;
const firstDay = Date.UTC(2025, 10, 20);

export const year: Subject = {
  name: "year",
  measure: async ({ accounts = 100 }) => {
    const folder = mkdtempSync(join(tmpdir(), "org-log-archive-bench-"));
    try {
      const archive = join(folder, "archive");
      progress(`Writing, sealing and signing a year of ${accounts} accounts`);
      const publicKey = await writeYear(archive, accounts);
      const key = join(folder, "key.pem");
      writeFileSync(key, publicKey);
      progress("cat of the records");
      const records = `find ${shell([archive])} -type f ! -name '*.gz' ! -name '*.parquet' -print0 | xargs -0 cat`;
      const read = await take(`${records} > /dev/null`);
      progress("evidence");
      const out = ["--out", join(folder, "evidence")];
      const made = await takeTool(["evidence", "--archive", archive, ...out, "--public-key", key]);
      const results = [
        { what: "find and cat of the records", accountDays: accounts * days, ...read },
        { what: "evidence", accountDays: accounts * days, ...made },
      ];
      const rows = results.map(({ what, accountDays, cpuSeconds, wallSeconds }) => [
        ...[what, accountDays, cpuSeconds.toFixed(1), wallSeconds.toFixed(1)],
      ]);
      return { results: { year: results }, tables: [tableOf(["", "Account days", "CPU s", "Wall s"], rows)] };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** Returns the public key with which its digests are signed, as PEM. */
async function writeYear(folder: string, accounts: number): Promise<string> {
  const archive = new FolderStore(folder, archiveBucketName("111122223333", region));
  const arn = `arn:aws:kms:${region}:111122223333:key/bench`;
  const key = new SigningKey(7, arn);
  const signer = { arn, sign: async (hash: Uint8Array) => key.sign(hash) };
  const ids = Array.from({ length: accounts }, (_, index) => String(100_000_000_000 + index));
  for (let index = 0; index < days; index += 1) await writeRun(archive, ids, index, signer);
  return key.pem;
}

/** What the run of a day leaves. */
async function writeRun(archive: FolderStore, ids: readonly string[], index: number, signer: Signer): Promise<void> {
  const from = firstDay + index * dayMs;
  const day = { day: new Date(from).toISOString().slice(0, 10), from, to: from + dayMs };
  const [runId, now] = [`run-${day.day}`, day.to + dayMs / 2];
  const at = new Date(now).toISOString();
  const list: AccountList = {
    ...{ version: 1, runId, startedAt: at, deadline: at, days: [day], lastChanceDays: [], notices: [] },
    accounts: ids.map((id) => ({ id, name: `account ${id}`, state: "ACTIVE" })),
  };
  await archive.putOnce(accountListKey(runId), JSON.stringify(list));
  const clock = { now: () => now, sleep: async () => {} };
  const ports = { archive, region, clock, remainingMs: () => 900_000 };
  for (const account of ids) {
    const text = `${new Date(from).toISOString()} ${account}\n`;
    const { receipt, object } = itemOf(account, day, logGroup, text, at);
    await archive.putOnce(object.key, object.body);
    await archive.putOnce(receiptKey(day.day, account, logGroup, 1), JSON.stringify(receipt));
    const { tasks, objects, bytes } = receipt;
    const line: CoverageLine = {
      ...{ account, region, logGroup, day: day.day, runId, at, outcome: "exported" },
      ...{ taskIds: tasks.map(({ taskId }) => taskId), objects, bytes },
    };
    await archive.putOnce(coverageKey(day.day, account, runId, 1), toLines([line]));
    const run = { runId, startedAt: at, deadline: at, days: [day], logGroups: null, backlog: [], backfill: [] };
    await sealAccount({ run, account, cursor: null }, { ...ports, requestId: "request" });
  }
  const deployed = { configurationSha256: sha256Hex("configuration"), codeSha256: sha256Hex("code") };
  await signDigest(runId, { ...ports, signer, copies: undefined, deployed });
}

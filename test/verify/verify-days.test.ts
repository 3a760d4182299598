import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Verification, verify } from "../../apps/verify/verify";
import { FolderStore } from "../../handlers/archive/folder-store";
import { accountListKey, receiptKey, sealKey } from "../../handlers/archive/layout";
import { AccountList } from "../../handlers/archive/records";
import type { ArchiveReader } from "../../handlers/archive/store";
import { MemoryBucket } from "../handlers/archive/support/memory-bucket";
import { closeAll, emulate } from "../handlers/support/emulated";
import { account } from "../handlers/support/examples";
import { bucket, logGroup, world, yesterday } from "../handlers/support/organisation";
import { runOnce } from "../handlers/support/run";
import { keyOfRuns, type SigningKey } from "./support/sealed-archive";

/** Account days that only the list of accounts knows: enough of them for several threads. */
const unrecorded = 300;

let folder: string;
let key: SigningKey;
let damaged: ReadonlyMap<string, Buffer>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "org-log-archive-verify-"));
  const groups = ["/app/web", "/app/api", "/app/db"].map((name) => logGroup(name));
  const emulated = await emulate({ world: world(groups) });
  await runOnce(emulated);
  key = keyOfRuns(emulated);
  const objects = new Map([...emulated.cloud.s3.objects(bucket)].map(({ key: one, body }) => [one, Buffer.from(body)]));
  const data = [...objects.keys()].find((one) => one.startsWith(`${account}/`) && one.endsWith(".gz")) ?? "";
  objects.get(data)?.fill(0);
  objects.delete(receiptKey(yesterday, account, "/app/api", 1));
  objects.set(receiptKey(yesterday, account, "/app/db", 2), Buffer.from("{"));
  const seal = sealKey(yesterday, account, 1);
  objects.set(seal, Buffer.concat([objects.get(seal) ?? Buffer.alloc(0), Buffer.from(" ")]));
  const known = [...objects.keys()].find((one) => one.endsWith("/accounts.json")) ?? "";
  const list = AccountList.parse(JSON.parse(objects.get(known)?.toString("utf8") ?? ""));
  const accounts = Array.from({ length: unrecorded }, (_, index) => String(400_000_000_000 + index));
  const unsigned: AccountList = {
    ...{ ...list, runId: "unsigned" },
    accounts: accounts.map((id) => ({ id, name: id, state: "ACTIVE" })),
  };
  objects.set(accountListKey("unsigned"), Buffer.from(JSON.stringify(unsigned)));
  damaged = objects;
  const store = new FolderStore(folder, bucket);
  for (const [one, body] of objects) await store.putOnce(one, body);
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await closeAll();
});

async function check(archive: ArchiveReader, deep: boolean) {
  const told: string[] = [];
  const result: Verification = await verify(archive, {
    ...{ range: {}, keys: key.verification, heads: [], deep, verified: new Set<string>() },
    onDay: (id, isIntact) => told.push(`${id} ${isIntact}`),
  });
  return { result, told: told.sort() };
}

test.each([false, true])(
  "threads find in a folder what one finds in memory, in the same order (deep: %s)",
  async (deep) => {
    const inThreads = await check(new FolderStore(folder, bucket), deep);
    const inMemory = await check(new MemoryBucket(bucket, new Map(damaged)), deep);
    expect(inThreads).toEqual(inMemory);
    const kinds = inThreads.result.findings.map(({ kind }) => kind);
    expect(new Set(kinds)).toEqual(
      new Set([
        ...["no-record", "missing-receipt", "unreadable-record", "changed-record", "not-signed", "orphan-folder"],
        ...(deep ? ["changed-object"] : []),
      ]),
    );
    expect(kinds.filter((kind) => kind === "no-record")).toHaveLength(unrecorded);
    expect(inThreads.told).toHaveLength(inThreads.result.accountDays);
  },
);

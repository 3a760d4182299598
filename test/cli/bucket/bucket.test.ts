import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { closeAll, type Emulated, emulate } from "../../handlers/support/emulated";
import { account } from "../../handlers/support/examples";
import { bucket, logGroup, member, noonYesterday, stream, world, yesterday } from "../../handlers/support/organisation";
import { runOnce } from "../../handlers/support/run";
import { archiveFolder, removeFolders } from "../../query/support/archive-folder";
import { type Ended, orgLogArchive } from "../support/command";

/** Questions to a bucket, which fetch what they need and no more. */

const other = "400000000000";
const midnight = Date.parse(`${yesterday}T00:00:00.000Z`) + 86_400_000;
const groups = [
  logGroup("/app/web", { streams: [stream("a/b", noonYesterday, midnight), stream("c", noonYesterday + 1)] }),
  logGroup("/app/batch"),
  logGroup("/app/web", { account: other }),
];
let cache: string;
let emulated: Emulated;

beforeAll(async () => {
  cache = mkdtempSync(join(tmpdir(), "org-log-archive-cache-"));
  emulated = await emulate({ world: world(groups, [member(account), member(other)]) });
  await runOnce(emulated);
});
afterAll(async () => {
  rmSync(cache, { recursive: true });
  removeFolders();
  await closeAll();
});

const ask = (command: string, ...args: readonly string[]): Promise<Ended> =>
  orgLogArchive([command, ...args, "--bucket", bucket, "--cache", cache]);
const fetched = () =>
  readdirSync(cache, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && /\.(gz|parquet)$/.test(entry.name),
  );
const copy = () =>
  archiveFolder(
    emulated
      .keys()
      .map((key) => ({ bucket, key, body: emulated.cloud.s3.object(bucket, key)?.body ?? Buffer.alloc(0) })),
  );

test("what event files hold is fetched from them alone, unless the evidence is asked for", async () => {
  const data = async (...how: string[]) => {
    const before = emulated.calls("GetObject").length;
    const own = ["--bucket", bucket, "--cache", join(cache, "own")];
    const { out } = await orgLogArchive(["query", "--log-group", "/app/batch", "--csv", ...own, ...how]);
    const keys = emulated
      .calls("GetObject")
      .slice(before)
      .map(({ input }) => String(input.Key));
    return { out, kinds: new Set(keys.flatMap((key) => /\.(gz|parquet)$/.exec(key)?.[1] ?? [])) };
  };
  const [fromFiles, fromEvidence] = [await data(), await data("--evidence")];
  expect(fromFiles.kinds).toEqual(new Set(["parquet"]));
  expect(fromEvidence).toEqual({ out: fromFiles.out, kinds: new Set(["gz"]) });
  expect(fromFiles.out.split("\r\n")).toHaveLength(3);
});

test("a bucket gives the rows that a copy of it gives, fetches only what the question can need, and nothing twice", async () => {
  const before = emulated.calls("GetObject").length;
  const about = ["--account", account, "--log-group", "/app/web", "--from", yesterday, "--to", yesterday, "--json"];
  const folder = copy();
  const first = await ask("query", ...about);
  expect(first.err).toMatch(
    new RegExp(`^Fetching \\d+ objects?, [\\d.]+ k?B, of ${bucket}\\.\\nThe archive holds all`),
  );
  const keys = emulated
    .calls("GetObject")
    .slice(before)
    .map(({ input }) => String(input.Key));
  expect(keys.filter((key) => key.includes(other))).toEqual([]);
  expect(keys.filter((key) => /\.(gz|parquet)$/.test(key)).length).toBeGreaterThan(0);
  const [again, copied] = [await ask("query", ...about), await orgLogArchive(["query", ...about, "--archive", folder])];
  expect(first.out).toBe(copied.out);
  expect(first.out.split("\n")).toHaveLength(3 + 1);
  expect(again).toMatchObject({ code: 0, out: first.out });
  expect(again.err).not.toContain("Fetching");
});

test("a search of a bucket finds what a copy has, and records are asked of it, too", async () => {
  const folder = copy();
  const [hits, copied, records] = [
    await ask("search", "main", "--csv", "--context", "1"),
    await orgLogArchive(["search", "main", "--csv", "--context", "1", "--archive", folder]),
    await ask(
      "query",
      "SELECT account, log_group, outcome FROM coverage_latest WHERE log_group IS NOT NULL ORDER BY ALL",
      "--csv",
    ),
  ];
  expect(hits.out).toBe(copied.out);
  expect(hits.out.trim().split("\r\n")).toHaveLength(1 + 2);
  expect(records.out.trim().split("\r\n").slice(1)).toEqual([
    `${account},/app/batch,exported`,
    `${account},/app/web,exported`,
    `${other},/app/web,exported`,
  ]);
  const forOthers = fetched().map(({ parentPath, name }) => statSync(join(parentPath, name)).mode & 0o077);
  expect(new Set(forOthers)).toEqual(new Set([0]));
});

test("what is more than may be fetched is refused, with what it is and how to allow it, before anything is fetched", async () => {
  const empty = mkdtempSync(join(cache, "other-"));
  const args = ["query", "SELECT count(*) FROM raw_lines", "--bucket", bucket, "--cache", empty, "--fetch", "0.01KB"];
  const { code, out, err } = await orgLogArchive(args);
  expect({ code, out }).toEqual({ code: 3, out: "" });
  expect(err).toMatch(
    /^This question needs \d+ objects, .* more than 10 B is fetched only when it is allowed\..*--fetch 1GB\.\n$/,
  );
  expect(existsSync(join(empty, bucket, account))).toBe(false);
});

test("a bucket that is not there, and a size that is none, are said", async () => {
  const [none, size] = await Promise.all([
    orgLogArchive([
      "query",
      "SELECT * FROM events",
      "--bucket",
      "org-log-archive-200000000000-eu-west-9",
      "--cache",
      cache,
    ]),
    ask("query", "SELECT 1", "--fetch", "much"),
  ]);
  expect(none).toMatchObject({ code: 3, out: "", err: expect.stringContaining("eu-west-9") });
  expect(none.err).not.toContain("    at ");
  expect(size).toMatchObject({ code: 3, err: expect.stringContaining("It must be a size, such as 500MB") });
});

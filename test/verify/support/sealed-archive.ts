import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { publicKeysOf, type VerificationKey } from "../../../apps/verify/signatures";
import { headOf, parseDigest, type StoredDigest, serializeDigest } from "../../../handlers/archive/digests";
import { sha256Hex } from "../../../handlers/archive/hashing";
import {
  accountListKey,
  digestKey,
  digestsRoot,
  eventsRoot,
  headKey,
  parseCoverageKey,
  parseDigestKey,
  parseReceiptKey,
  parseSealKey,
  reportKey,
  runPrefix,
  sealsRoot,
  signatureKey,
} from "../../../handlers/archive/layout";
import { Receipt } from "../../../handlers/archive/records";
import { nextSeal, parseSeal, type StoredSeal } from "../../../handlers/archive/seals";
import type { Emulated } from "../../handlers/support/emulated";
import { signingKeyArn } from "../../handlers/support/organisation";

/** Seals and signs what a run has left in a bucket's objects, from what the archive library knows alone. */

export interface SigningKey {
  readonly sign: (bytes: Uint8Array) => Uint8Array;
  /** The public key. */
  readonly pem: string;
  readonly verification: readonly VerificationKey[];
}

export function signingKey(): SigningKey {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const key = createPrivateKey(privateKey.export({ type: "pkcs8", format: "pem" }));
  const pem = createPublicKey(key).export({ type: "spki", format: "pem" }).toString();
  return {
    sign: (bytes) => sign("sha256", bytes, { key, dsaEncoding: "der" }),
    pem,
    verification: publicKeysOf("test", pem),
  };
}

/** The key with which emulated runs sign. */
export function keyOfRuns(emulated: Emulated): SigningKey {
  const signing = emulated.cloud.kms.find(signingKeyArn)?.signing;
  if (!signing) throw new Error(`${signingKeyArn} is no key that signs`);
  const { pem } = signing;
  return {
    sign: (bytes) => signing.sign(createHash("sha256").update(bytes).digest()),
    pem,
    verification: publicKeysOf("test", pem),
  };
}

type Objects = Map<string, Buffer>;

/** Seals every account's day of what is not sealed yet, and signs the run's digest; returns it. */
export function sealAndSign(bucket: string, objects: Objects, runId: string, key: SigningKey): StoredDigest {
  const at = "2026-11-20T15:00:00.000Z";
  const region = bucket.split("-").slice(-3).join("-");
  const bound = boundByDigests(objects);
  for (const id of accountDays(objects)) sealDay(objects, region, id, runId, at);
  const named = (keys: readonly string[]) =>
    keys.map((one) => ({ key: one, sha256: sha256Hex(bytesOf(objects, one)) }));
  const keysOf = (is: (key: string) => boolean) =>
    [...objects.keys()].filter((one) => is(one) && !bound.has(one)).sort();
  const accounts = accountListKey(runId);
  const report = reportKey(runId);
  const others = keysOf((one) => one.startsWith(runPrefix(runId)) && ![accounts, report, headKey(runId)].includes(one));
  const digests = [...objects.keys()].filter((one) => parseDigestKey(one)?.kind === "digest").sort();
  const last = digests.at(-1);
  const previous = last ? parseDigest(last, objects.get(last)) : undefined;
  const sequence = (previous?.digest.sequence ?? 0) + 1;
  const { body, leaves } = serializeDigest({
    ...{ version: 1, sequence, bucket, key: digestKey(sequence), region, runId, startedAt: at, endedAt: at },
    previousSha256: previous?.sha256 ?? null,
    accounts: { key: accounts, sha256: sha256Hex(bytesOf(objects, accounts)) },
    report: objects.has(report) ? { key: report, sha256: sha256Hex(bytesOf(objects, report)) } : null,
    days: [],
    seals: named(keysOf((one) => parseSealKey(one) !== undefined)),
    coverage: named(keysOf((one) => parseCoverageKey(one) !== undefined)),
    records: named(others),
    ...{ configurationSha256: sha256Hex(""), codeSha256: sha256Hex(""), keyArn: "arn:aws:kms:test" },
  });
  if (leaves) objects.set(leaves.key, Buffer.from(leaves.body));
  objects.set(digestKey(sequence), Buffer.from(body));
  objects.set(signatureKey(sequence), Buffer.from(key.sign(Buffer.from(body))));
  const stored = parseDigest(digestKey(sequence), Buffer.from(body));
  objects.set(headKey(runId), Buffer.from(JSON.stringify(headOf(stored))));
  return stored;
}

/** Takes every seal and digest away, for all to be written anew. */
export function unseal(objects: Objects): void {
  for (const key of [...objects.keys()])
    if ([sealsRoot, eventsRoot, digestsRoot].some((root) => key.startsWith(root)) || key.endsWith("/head.json"))
      objects.delete(key);
}

function boundByDigests(objects: Objects): Set<string> {
  const bound = new Set<string>();
  for (const [key, body] of objects)
    if (parseDigestKey(key)?.kind === "digest") {
      const { digest } = parseDigest(key, body);
      for (const { key: one } of [...digest.seals, ...digest.coverage, ...digest.records]) bound.add(one);
    }
  return bound;
}

function accountDays(objects: Objects): Set<string> {
  const ids = new Set<string>();
  for (const key of objects.keys()) {
    const place = parseReceiptKey(key) ?? parseCoverageKey(key);
    if (place) ids.add(`${place.day} ${place.account}`);
  }
  return ids;
}

function sealDay(objects: Objects, region: string, id: string, runId: string, at: string): void {
  const [day = "", account = ""] = id.split(" ");
  const of = (key: string, parse: (key: string) => { day: string; account: string } | undefined) => {
    const place = parse(key);
    return place?.day === day && place.account === account;
  };
  const keys = [...objects.keys()].sort();
  const seals = keys.filter((key) => of(key, parseSealKey)).map((key) => parseSeal(key, objects.get(key)));
  const sealed = new Set(
    seals.flatMap(({ seal }) => [...seal.items.map(({ receipt }) => receipt), ...seal.coverage.map(({ key }) => key)]),
  );
  const items = keys
    .filter((key) => of(key, parseReceiptKey) && !sealed.has(key))
    .map((key) => sealedItem(objects, key));
  const coverage = keys
    .filter((key) => of(key, parseCoverageKey) && !sealed.has(key))
    .map((key) => ({ key, sha256: sha256Hex(bytesOf(objects, key)) }));
  if (items.length + coverage.length === 0) return;
  const last: StoredSeal | undefined = seals.sort((a, b) => a.seal.n - b.seal.n).at(-1);
  const { key, body } = nextSeal(last, { account, region, day, items, coverage, eventFiles: [], runId, at });
  objects.set(key, Buffer.from(body));
}

function sealedItem(objects: Objects, receiptKey: string) {
  const bytes = bytesOf(objects, receiptKey);
  const { logGroup, tasks } = Receipt.parse(JSON.parse(bytes.toString("utf8")));
  const keys = [...objects.keys()].filter((key) => tasks.some(({ prefix }) => key.startsWith(prefix))).sort();
  return {
    logGroup,
    receipt: receiptKey,
    receiptSha256: sha256Hex(bytes),
    objects: keys.map((key) => {
      const body = bytesOf(objects, key);
      const rawBytes = gunzipSync(body).length;
      return { key, size: body.length, etag: "none", sha256: sha256Hex(body), events: 1, rawBytes };
    }),
  };
}

function bytesOf(objects: Objects, key: string): Buffer {
  const body = objects.get(key);
  if (!body) throw new Error(`There is no ${key}`);
  return body;
}

import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandInput,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { archive, bucket, closeAll, type Emulated, emulate, region } from "../../support/organisation";
import { errorName } from "../logs/exports";

afterEach(closeAll);

const put = (Key: string, Body: string, Bucket = bucket) => new PutObjectCommand({ Bucket, Key, Body });
const get = (Key: string, VersionId?: string) => new GetObjectCommand({ Bucket: bucket, Key, VersionId });
const remove = (Key: string, VersionId?: string) => new DeleteObjectCommand({ Bucket: bucket, Key, VersionId });
const md5 = (body: string) => `"${createHash("md5").update(body).digest("hex")}"`;

/** Keys with their versions' ids, delete markers in brackets, page by page. */
async function pages({ s3 }: Emulated, input: Partial<ListObjectVersionsCommandInput> = {}): Promise<string[][]> {
  const found: string[][] = [];
  let markers: Pick<ListObjectVersionsCommandInput, "KeyMarker" | "VersionIdMarker"> = {};
  for (;;) {
    const page = await s3().send(new ListObjectVersionsCommand({ Bucket: bucket, ...input, ...markers }));
    found.push([
      ...(page.Versions ?? []).map(({ Key, VersionId }) => `${Key} ${VersionId}`),
      ...(page.DeleteMarkers ?? []).map(({ Key, VersionId }) => `[${Key} ${VersionId}]`),
      ...(page.CommonPrefixes ?? []).map(({ Prefix = "" }) => Prefix),
    ]);
    if (!page.IsTruncated) return found;
    markers = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
  }
}

it("lists every version and delete marker once, newest first, whatever the size of the pages", async () => {
  const emulated = await emulate();
  const ids: (string | undefined)[] = [];
  for (const body of ["1", "2", "3"]) ids.push((await emulated.s3().send(put("a", body))).VersionId);
  const marker = await emulated.s3().send(remove("a"));
  const b = await emulated.s3().send(put("b", "1"));
  const [first, second, third] = ids;
  const expected = [`[a ${marker.VersionId}]`, `a ${third}`, `a ${second}`, `a ${first}`, `b ${b.VersionId}`];
  expect(new Set(expected).size).toBe(5);
  expect((await pages(emulated)).flat().sort()).toEqual(expected.toSorted());
  expect(await pages(emulated, { MaxKeys: 1 })).toEqual(expected.map((one) => [one]));
  expect((await pages(emulated, { MaxKeys: 2 })).map((page) => page.length)).toEqual([2, 2, 1]);
  expect(await pages(emulated, { Prefix: "b" })).toEqual([[`b ${b.VersionId}`]]);
});

it("rolls versions up at a delimiter, also over pages", async () => {
  const emulated = await emulate();
  for (const key of ["a/1", "a/1", "a/2", "c/1"]) await emulated.s3().send(put(key, "x"));
  const { VersionId } = await emulated.s3().send(put("b", "x"));
  expect(await pages(emulated, { Delimiter: "/", MaxKeys: 1 })).toEqual([["a/"], [`b ${VersionId}`], ["c/"]]);
});

it("says which version is the latest, and refuses a version marker without a key", async () => {
  const { s3 } = await emulate();
  await s3().send(put("key", "first"));
  await s3().send(remove("key"));
  const { Versions, DeleteMarkers } = await s3().send(new ListObjectVersionsCommand({ Bucket: bucket }));
  expect(Versions?.map(({ IsLatest }) => IsLatest)).toEqual([false]);
  expect(DeleteMarkers?.map(({ IsLatest }) => IsLatest)).toEqual([true]);
  const marker = s3().send(new ListObjectVersionsCommand({ Bucket: bucket, VersionIdMarker: "x" }));
  expect(await errorName(marker)).toBe("InvalidArgument");
});

it("hides a deleted object, keeps its versions, and brings it back when the delete marker is deleted", async () => {
  const { s3 } = await emulate();
  const { VersionId } = await s3().send(put("key", "body"));
  const marker = await s3().send(remove("key"));
  expect(marker).toMatchObject({ DeleteMarker: true, VersionId: expect.stringMatching(/^[0-9a-f]{32}$/) });
  expect(await errorName(s3().send(get("key")))).toBe("NoSuchKey");
  expect(await errorName(s3().send(get("key", marker.VersionId)))).toBe("MethodNotAllowed");
  expect(await errorName(s3().send(get("key", "0".repeat(32))))).toBe("NoSuchVersion");
  expect(await (await s3().send(get("key", VersionId))).Body?.transformToString()).toBe("body");
  const undone = await s3().send(remove("key", marker.VersionId));
  expect(undone).toMatchObject({ DeleteMarker: true, VersionId: marker.VersionId });
  expect(await s3().send(get("key"))).toMatchObject({ VersionId });
});

it("gives objects the MD5 of their bytes as ETag, but for those that SSE-KMS encrypts", async () => {
  const { s3, cloud } = await emulate();
  const keyArn = `arn:aws:kms:${region}:${archive}:key/0a1b2c3d-0000-4000-8000-000000000000`;
  cloud.s3.createBucket({ name: "encrypted", region, account: archive, keyArn });
  expect(await s3().send(put("key", "body"))).toMatchObject({ ETag: md5("body"), ServerSideEncryption: "AES256" });
  const secret = await s3().send(put("key", "body", "encrypted"));
  expect(secret).toMatchObject({
    ETag: expect.stringMatching(/^"[0-9a-f]{32}"$/),
    ServerSideEncryption: "aws:kms",
    SSEKMSKeyId: keyArn,
  });
  expect(secret.ETag).not.toBe(md5("body"));
  const { Contents } = await s3().send(new ListObjectsV2Command({ Bucket: "encrypted" }));
  const head = await s3().send(new HeadObjectCommand({ Bucket: "encrypted", Key: "key" }));
  expect([head.ETag, Contents?.[0]?.ETag]).toEqual([secret.ETag, secret.ETag]);
  const other = await s3().send(put("other", "body", "encrypted"));
  expect(other.ETag).not.toBe(secret.ETag);
});

it("gives an object that is loaded again the version id and the ETag that it had", async () => {
  const directory = mkdtempSync(join(tmpdir(), "emulator-"));
  try {
    const settings = { name: "kept", region, account: archive, versioning: true, keyArn: "arn:aws:kms:x" };
    const first = await emulate({ directory });
    first.cloud.s3.createBucket(settings);
    first.clock.advance(1234);
    await first.s3().send(put("key", "older", "kept"));
    first.clock.advance(1);
    const { ETag, VersionId } = await first.s3().send(put("key", "body", "kept"));
    const second = await emulate({ directory });
    second.cloud.s3.createBucket(settings);
    const head = await second.s3().send(new HeadObjectCommand({ Bucket: "kept", Key: "key" }));
    expect(head).toMatchObject({ ETag, VersionId });
  } finally {
    await closeAll();
    rmSync(directory, { recursive: true });
  }
});

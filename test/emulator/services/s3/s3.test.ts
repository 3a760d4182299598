import { Readable } from "node:stream";
import {
  DeleteObjectCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
  paginateListObjectsV2,
} from "@aws-sdk/client-s3";
import { archive, bucket, closeAll, type Emulated, emulate, member, region } from "../../support/organisation";
import { errorName } from "../logs/exports";

afterEach(closeAll);

const hostileKey = "runs/a b+c%2F/ü\u{1F600}/line\nend & <tag>/../x";

function put(Key: string, Body = Key, more: object = {}): PutObjectCommand {
  return new PutObjectCommand({ Bucket: bucket, Key, Body, ...more });
}

async function keys({ s3 }: Emulated, input: object = {}): Promise<(string | undefined)[]> {
  const found: (string | undefined)[] = [];
  for await (const { Contents } of paginateListObjectsV2({ client: s3(), pageSize: 2 }, { Bucket: bucket, ...input })) {
    found.push(...(Contents ?? []).map(({ Key }) => Key));
  }
  return found;
}

it("keeps bodies and keys as they are", async () => {
  const emulated = await emulate();
  const s3 = emulated.s3();
  await s3.send(put(hostileKey, "body of ünicode"));
  const { Body, ContentLength } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: hostileKey }));
  expect(await Body?.transformToString()).toBe("body of ünicode");
  expect(ContentLength).toBe(16);
  expect(await keys(emulated)).toEqual([hostileKey]);
  expect((await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: hostileKey }))).ContentLength).toBe(16);
});

it("takes the chunks of a streamed body apart", async () => {
  const { s3, cloud } = await emulate();
  const Body = Readable.from([Buffer.from("first "), Buffer.from("second")]);
  await s3().send(new PutObjectCommand({ Bucket: bucket, Key: "key", Body, ContentLength: 12 }));
  expect([...cloud.s3.objects(bucket)].map(({ body }) => body.toString())).toEqual(["first second"]);
});

it("refuses a streamed body that does not match its checksum", async () => {
  const { endpoint } = await emulate();
  const answer = await fetch(`${endpoint}/${bucket}/key`, {
    method: "PUT",
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${archive}/20261120/${region}/s3/aws4_request, Signature=none`,
      "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
    },
    body: "4\r\nbody\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n",
  });
  expect(await answer.text()).toContain("<Code>BadDigest</Code>");
});

it("reads a range", async () => {
  const { s3 } = await emulate();
  await s3().send(put("key", "0123456789"));
  const { Body, ContentRange } = await s3().send(
    new GetObjectCommand({ Bucket: bucket, Key: "key", Range: "bytes=2-4" }),
  );
  expect([await Body?.transformToString(), ContentRange]).toEqual(["234", "bytes 2-4/10"]);
});

it("writes once under If-None-Match", async () => {
  const { s3 } = await emulate();
  await s3().send(put("key", "first", { IfNoneMatch: "*" }));
  const second = s3().send(put("key", "second", { IfNoneMatch: "*" }));
  await expect(second).rejects.toMatchObject({ name: "PreconditionFailed", $metadata: { httpStatusCode: 412 } });
  const { Body } = await s3().send(new GetObjectCommand({ Bucket: bucket, Key: "key" }));
  expect(await Body?.transformToString()).toBe("first");
});

it("can answer a conditional write with a conflict", async () => {
  const { s3 } = await emulate({
    faults: () => ({ kind: "error", name: "ConditionalRequestConflict", status: 409 }),
  });
  await expect(s3().send(put("key", "first", { IfNoneMatch: "*" }))).rejects.toMatchObject({
    name: "ConditionalRequestConflict",
    $metadata: { httpStatusCode: 409 },
  });
});

it("lists keys in the order of their UTF-8 bytes, page by page", async () => {
  const emulated = await emulate();
  // In UTF-16, as JavaScript sorts, the last two are the other way round.
  const inOrder = ["B", "a", "a/b", "ab", "\uFF5E", "\u{1F600}"];
  for (const key of inOrder.toReversed()) await emulated.s3().send(put(key));
  expect(await keys(emulated)).toEqual(inOrder);
  expect(await keys(emulated, { Prefix: "a" })).toEqual(["a", "a/b", "ab"]);
  expect(await keys(emulated, { StartAfter: "a/b" })).toEqual(["ab", "\uFF5E", "\u{1F600}"]);
});

it("rolls keys up at a delimiter, also over pages", async () => {
  const { s3 } = await emulate();
  for (const key of ["a/1", "a/2", "b", "c/1"]) await s3().send(put(key));
  const names: (string | undefined)[] = [];
  const input = { Bucket: bucket, Delimiter: "/" };
  for await (const page of paginateListObjectsV2({ client: s3(), pageSize: 1 }, input)) {
    names.push(
      ...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix),
      ...(page.Contents ?? []).map(({ Key }) => Key),
    );
  }
  expect(names).toEqual(["a/", "b", "c/"]);
});

it("keeps older versions", async () => {
  const { s3 } = await emulate();
  await s3().send(put("key", "first"));
  const { VersionId } = await s3().send(put("key", "second"));
  const { Versions } = await s3().send(new ListObjectVersionsCommand({ Bucket: bucket }));
  expect(Versions?.map((version) => [version.VersionId === VersionId, version.IsLatest])).toEqual([
    [true, true],
    [false, false],
  ]);
  const old = await s3().send(
    new GetObjectCommand({ Bucket: bucket, Key: "key", VersionId: Versions?.[1]?.VersionId }),
  );
  expect(await old.Body?.transformToString()).toBe("first");
});

it("says what is not there", async () => {
  const { s3 } = await emulate();
  expect(await errorName(s3().send(new GetObjectCommand({ Bucket: bucket, Key: "nothing" })))).toBe("NoSuchKey");
  expect(await errorName(s3().send(new HeadObjectCommand({ Bucket: bucket, Key: "nothing" })))).toBe("NotFound");
  expect(await errorName(s3().send(new ListObjectsV2Command({ Bucket: "nothing" })))).toBe("NoSuchBucket");
});

it("hides that an object is missing from those who may not list", async () => {
  const { s3 } = await emulate({
    authorize: ({ action }) => (action === "s3:ListBucket" ? { deny: "of a test" } : "allow"),
  });
  expect(await errorName(s3().send(new GetObjectCommand({ Bucket: bucket, Key: "nothing" })))).toBe("AccessDenied");
});

it("knows where a bucket is, and serves it from there only", async () => {
  const { s3, cloud } = await emulate();
  cloud.s3.createBucket({ name: "far-away", region: "us-east-1", account: archive });
  expect((await s3().send(new GetBucketLocationCommand({ Bucket: bucket }))).LocationConstraint).toBe(region);
  expect((await s3().send(new HeadBucketCommand({ Bucket: bucket }))).BucketRegion).toBe(region);
  expect(await errorName(s3().send(new ListObjectsV2Command({ Bucket: "far-away" })))).toBe("PermanentRedirect");
});

it("lets only the owner's root delete", async () => {
  const { s3, cloud } = await emulate();
  await s3().send(put("key"));
  expect(await errorName(s3(member).send(new DeleteObjectCommand({ Bucket: bucket, Key: "key" })))).toBe(
    "AccessDenied",
  );
  await s3().send(new DeleteObjectCommand({ Bucket: bucket, Key: "key" }));
  expect([...cloud.s3.objects(bucket)]).toEqual([]);
});

it("keeps members out of each other's prefixes, and of reading", async () => {
  const { s3 } = await emulate();
  expect(await errorName(s3(member).send(put(`${member}/key`)))).toBe("no error");
  expect(await errorName(s3(member).send(put(`${archive}/key`)))).toBe("AccessDenied");
  expect(await errorName(s3(member).send(new GetObjectCommand({ Bucket: bucket, Key: `${member}/key` })))).toBe(
    "AccessDenied",
  );
});

import { z } from "zod";
import { s3Errors } from "../../service/errors";
import { type Operation, operation } from "../../service/service";
import { bucketAccess, requireRegion } from "./bucket-access";
import type { Buckets, StoredVersion } from "./buckets";
import { listKeys } from "./listing";

const Listing = z.object({
  Bucket: z.string(),
  Prefix: z.string().default(""),
  Delimiter: z.string().default(""),
  MaxKeys: z.coerce
    .number()
    .int()
    .min(0)
    .default(1000)
    .transform((given) => Math.min(given, 1000)),
  EncodingType: z.literal("url").optional(),
});

const ListObjectsV2 = Listing.extend({ StartAfter: z.string().default(""), ContinuationToken: z.string().optional() });
const ListObjectVersions = Listing.extend({
  KeyMarker: z.string().default(""),
  VersionIdMarker: z.string().optional(),
});

export function listingOperations(buckets: Buckets): Readonly<Record<string, Operation>> {
  return {
    /** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
    ListObjectsV2: operation({
      input: ListObjectsV2,
      access: bucketAccess(buckets, "s3:ListBucket"),
      run: ({ input, region }) => {
        requireRegion(buckets, input.Bucket, region);
        const startAfter = input.ContinuationToken === undefined ? input.StartAfter : decode(input.ContinuationToken);
        const { keys } = buckets.get(input.Bucket);
        const found = listKeys(keys, { ...parameters(input), startAfter }, (key) => {
          const object = buckets.object(input.Bucket, key);
          return object === undefined ? [] : [object];
        });
        const encode = encoder(input.EncodingType);
        return {
          ...echo(input, encode),
          ...(input.StartAfter !== "" && { StartAfter: encode(input.StartAfter) }),
          ...(input.ContinuationToken !== undefined && { ContinuationToken: input.ContinuationToken }),
          KeyCount: found.entries.length + found.commonPrefixes.length,
          IsTruncated: found.next !== undefined,
          ...(found.next !== undefined && { NextContinuationToken: Buffer.from(found.next.key).toString("base64url") }),
          Contents: found.entries.map((version) => summary(version, encode)),
          CommonPrefixes: found.commonPrefixes.map((prefix) => ({ Prefix: encode(prefix) })),
        };
      },
    }),

    /** The newest version of a key comes first. https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html */
    ListObjectVersions: operation({
      input: ListObjectVersions,
      access: bucketAccess(buckets, "s3:ListBucketVersions"),
      run: ({ input, region }) => {
        requireRegion(buckets, input.Bucket, region);
        const { KeyMarker, VersionIdMarker } = input;
        if (VersionIdMarker !== undefined && KeyMarker === "")
          throw s3Errors.invalid("A version-id marker cannot be specified without a key marker.");
        const { keys } = buckets.get(input.Bucket);
        const request = { ...parameters(input), startAfter: KeyMarker, resumes: VersionIdMarker !== undefined };
        const found = listKeys(keys, request, (key) => {
          const versions = buckets.versions(input.Bucket, key);
          const marked = key === KeyMarker ? versions.findIndex(({ versionId }) => versionId === VersionIdMarker) : -1;
          return versions.slice(marked + 1);
        });
        const encode = encoder(input.EncodingType);
        const described = found.entries.map((version) => ({
          ...summary(version, encode),
          VersionId: version.versionId,
          IsLatest: version === buckets.versions(input.Bucket, version.key)[0],
          deleteMarker: version.deleteMarker,
        }));
        return {
          ...echo(input, encode),
          KeyMarker: encode(KeyMarker),
          VersionIdMarker: VersionIdMarker ?? "",
          IsTruncated: found.next !== undefined,
          ...(found.next !== undefined && { NextKeyMarker: encode(found.next.key) }),
          ...(found.next?.entry !== undefined && { NextVersionIdMarker: found.next.entry.versionId }),
          Versions: described.filter(({ deleteMarker }) => !deleteMarker).map(({ deleteMarker: _, ...rest }) => rest),
          DeleteMarkers: described
            .filter(({ deleteMarker }) => deleteMarker)
            .map(({ deleteMarker: _, ETag: _etag, Size: _size, StorageClass: _class, ...rest }) => rest),
          CommonPrefixes: found.commonPrefixes.map((prefix) => ({ Prefix: encode(prefix) })),
        };
      },
    }),
  };
}

type Encode = (text: string) => string;

function encoder(type: "url" | undefined): Encode {
  // As forms are encoded: a space is a plus.
  return type === "url"
    ? (text) => encodeURIComponent(text).replaceAll("%2F", "/").replaceAll("%20", "+")
    : (text) => text;
}

function parameters(input: z.infer<typeof Listing>) {
  return { prefix: input.Prefix, delimiter: input.Delimiter, maxKeys: input.MaxKeys };
}

function echo(input: z.infer<typeof Listing>, encode: Encode) {
  return {
    Name: input.Bucket,
    Prefix: encode(input.Prefix),
    ...(input.Delimiter !== "" && { Delimiter: encode(input.Delimiter) }),
    MaxKeys: input.MaxKeys,
    ...(input.EncodingType !== undefined && { EncodingType: input.EncodingType }),
  };
}

function summary(version: StoredVersion, encode: Encode) {
  return {
    Key: encode(version.key),
    LastModified: new Date(version.lastModified),
    ETag: version.etag,
    Size: version.body.length,
    StorageClass: "STANDARD",
  };
}

function decode(token: string): string {
  const key = Buffer.from(token, "base64url").toString("utf8");
  if (key === "") throw s3Errors.invalid("The continuation token provided is incorrect");
  return key;
}

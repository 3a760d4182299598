import { z } from "zod";
import { s3Errors } from "../../service/errors";
import { type Operation, operation } from "../../service/service";
import { bucketAccess, requireRegion } from "./bucket-access";
import type { Buckets, ObjectVersion } from "./buckets";
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
        const object = (key: string): ObjectVersion | undefined => buckets.object(input.Bucket, key);
        const found = listKeys(keys, { ...parameters(input), startAfter }, (key) => object(key) !== undefined);
        const encode = encoder(input.EncodingType);
        return {
          ...echo(input, encode),
          ...(input.StartAfter !== "" && { StartAfter: encode(input.StartAfter) }),
          ...(input.ContinuationToken !== undefined && { ContinuationToken: input.ContinuationToken }),
          KeyCount: found.keys.length + found.commonPrefixes.length,
          IsTruncated: found.next !== undefined,
          ...(found.next !== undefined && { NextContinuationToken: Buffer.from(found.next).toString("base64url") }),
          Contents: found.keys.flatMap((key) => {
            const version = object(key);
            return version === undefined ? [] : [summary(version, encode)];
          }),
          CommonPrefixes: found.commonPrefixes.map((prefix) => ({ Prefix: encode(prefix) })),
        };
      },
    }),

    /** Versions of a key are not split over pages. https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html */
    ListObjectVersions: operation({
      input: ListObjectVersions,
      access: bucketAccess(buckets, "s3:ListBucketVersions"),
      run: ({ input, region }) => {
        requireRegion(buckets, input.Bucket, region);
        const { keys } = buckets.get(input.Bucket);
        const found = listKeys(keys, { ...parameters(input), startAfter: input.KeyMarker }, () => true);
        const encode = encoder(input.EncodingType);
        const described = found.keys.flatMap((key) =>
          buckets.versions(input.Bucket, key).map((version, index) => ({
            ...summary(version, encode),
            VersionId: version.versionId,
            IsLatest: index === 0,
            deleteMarker: version.deleteMarker,
          })),
        );
        return {
          ...echo(input, encode),
          KeyMarker: encode(input.KeyMarker),
          IsTruncated: found.next !== undefined,
          ...(found.next !== undefined && { NextKeyMarker: encode(found.next), NextVersionIdMarker: "null" }),
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

function summary(version: ObjectVersion, encode: Encode) {
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

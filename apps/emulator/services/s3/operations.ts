import { crc32 } from "node:zlib";
import { z } from "zod";
import { bucketArn, objectArn } from "../../service/arn";
import type { Access } from "../../service/calls";
import { ServiceError, s3Errors } from "../../service/errors";
import { type Operation, operation, type Request, type Service } from "../../service/service";
import { bucketAccess, requireRegion } from "./bucket-access";
import type { BucketDefinition, Buckets, StoredVersion } from "./buckets";
import { createBuckets } from "./deployed-buckets";
import { listingOperations } from "./listing-operations";
import { restS3 } from "./rest-s3";
import { settingsOperations } from "./settings-operations";

const BucketInput = z.object({ Bucket: z.string() });
const ObjectInput = BucketInput.extend({
  Key: z.string().refine((key) => Buffer.byteLength(key) <= 1024, "Your key is too long"),
  VersionId: z.string().optional(),
  Range: z.string().optional(),
  IfMatch: z.string().optional(),
});
type ObjectInput = z.infer<typeof ObjectInput>;

const PutObject = ObjectInput.extend({
  Body: z.instanceof(Buffer),
  ContentType: z.string().optional(),
  IfNoneMatch: z.literal("*").optional(),
  ACL: z.string().optional(),
  ServerSideEncryption: z.string().optional(),
});

/** Amazon S3. Operations answer with the members of the SDK's outputs. */
export function s3(buckets: Buckets): Service {
  const object =
    (action: string) =>
    (input: ObjectInput): Access => ({
      action: input.VersionId === undefined ? action : `${action}Version`,
      resource: objectArn(input.Bucket, input.Key),
      resourceAccount: buckets.get(input.Bucket).account,
    });

  /** Without the right to list, a missing object is not told from a forbidden one. */
  async function read({ input, region, denial }: Request<ObjectInput>): Promise<StoredVersion> {
    requireRegion(buckets, input.Bucket, region);
    const found = buckets.object(input.Bucket, input.Key, input.VersionId);
    const deleted = { "x-amz-delete-marker": "true" };
    if (found?.deleteMarker)
      throw new ServiceError(
        "MethodNotAllowed",
        "The specified method is not allowed against this resource.",
        405,
        deleted,
      );
    if (found !== undefined) return found;
    const resourceAccount = buckets.get(input.Bucket).account;
    const listing = { action: "s3:ListBucket", resource: bucketArn(input.Bucket), resourceAccount };
    const reason = await denial(listing);
    if (reason !== undefined) throw s3Errors.denied(reason);
    if (input.VersionId !== undefined)
      throw new ServiceError("NoSuchVersion", "The specified version does not exist.", 404);
    const [newest] = buckets.versions(input.Bucket, input.Key);
    throw new ServiceError("NoSuchKey", "The specified key does not exist.", 404, newest ? deleted : {});
  }

  const operations: Readonly<Record<string, Operation>> = {
    ...listingOperations(buckets),
    ...settingsOperations(buckets),

    HeadBucket: operation({
      input: BucketInput,
      access: bucketAccess(buckets, "s3:ListBucket"),
      run: ({ input, region }) => {
        requireRegion(buckets, input.Bucket, region);
        return { BucketRegion: buckets.get(input.Bucket).region };
      },
    }),

    GetBucketLocation: operation({
      input: BucketInput,
      access: bucketAccess(buckets, "s3:GetBucketLocation"),
      run: ({ input }) => {
        const { region } = buckets.get(input.Bucket);
        return { LocationConstraint: region === "us-east-1" ? "" : region };
      },
    }),

    GetObject: operation({
      input: ObjectInput,
      access: object("s3:GetObject"),
      run: async (request) => {
        const found = await read(request);
        const { IfMatch } = request.input;
        if (IfMatch !== undefined && IfMatch !== found.etag) throw preconditionFailed();
        const range = request.input.Range === undefined ? undefined : rangeOf(request.input.Range, found.body.length);
        if (range === undefined) return { ...head(found, buckets.get(request.input.Bucket)), Body: found.body };
        const Body = found.body.subarray(range.first, range.last + 1);
        const { ChecksumCRC32: _whole, ...rest } = head(found, buckets.get(request.input.Bucket));
        return { ...rest, Body, ContentRange: `bytes ${range.first}-${range.last}/${found.body.length}` };
      },
    }),

    HeadObject: operation({
      input: ObjectInput,
      access: object("s3:GetObject"),
      run: async (request) => {
        const found = await read(request);
        return { ...head(found, buckets.get(request.input.Bucket)), ContentLength: found.body.length };
      },
    }),

    PutObject: operation({
      input: PutObject,
      access: (input) => ({
        ...object("s3:PutObject")(input),
        context: {
          ...(input.ACL !== undefined && { "s3:x-amz-acl": input.ACL }),
          ...(input.IfNoneMatch !== undefined && { "s3:if-none-match": input.IfNoneMatch }),
          ...(input.ServerSideEncryption !== undefined && {
            "s3:x-amz-server-side-encryption": input.ServerSideEncryption,
          }),
        },
      }),
      run: ({ input, region, now }) => {
        requireRegion(buckets, input.Bucket, region);
        if (input.IfNoneMatch !== undefined && buckets.object(input.Bucket, input.Key) !== undefined) {
          throw preconditionFailed();
        }
        const version = buckets.put(input.Bucket, input.Key, input.Body, now, input.ContentType);
        const { keyArn } = buckets.get(input.Bucket);
        const { etag: ETag, body } = version;
        return { ETag, ...encryption(keyArn), ...versionOf(version), ChecksumCRC32: checksum(body) };
      },
    }),

    DeleteObject: operation({
      input: ObjectInput,
      access: object("s3:DeleteObject"),
      run: ({ input, region, now }) => {
        requireRegion(buckets, input.Bucket, region);
        const { VersionId } = input;
        const deleted = buckets.delete(input.Bucket, input.Key, VersionId, now);
        return {
          ...(deleted && versionOf(deleted)),
          ...(VersionId !== undefined && { VersionId }),
          ...(deleted?.deleteMarker && { DeleteMarker: true }),
        };
      },
    }),
  };
  return { protocol: restS3, operations, errors: s3Errors, deploy: (stack) => createBuckets(stack, buckets) };
}

function preconditionFailed(): ServiceError {
  return new ServiceError("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", 412);
}

function versionOf({ versionId }: StoredVersion): { VersionId?: string } {
  return versionId === "null" ? {} : { VersionId: versionId };
}

function head(version: StoredVersion, { keyArn }: BucketDefinition) {
  return {
    ETag: version.etag,
    ...encryption(keyArn),
    LastModified: new Date(version.lastModified),
    ContentType: version.contentType,
    AcceptRanges: "bytes",
    ChecksumCRC32: checksum(version.body),
    ...versionOf(version),
  };
}

/** What a bucket does to what comes without a wish of its own: SSE-S3, since 2023. */
function encryption(keyArn: string | undefined) {
  if (keyArn === undefined) return { ServerSideEncryption: "AES256" };
  return { ServerSideEncryption: "aws:kms", SSEKMSKeyId: keyArn };
}

export function checksum(body: Buffer): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(body));
  return bytes.toString("base64");
}

/** The bytes of a Range header, ends included; undefined if it is not one that S3 honours. */
function rangeOf(header: string, size: number): { first: number; last: number } | undefined {
  const [, from = "", to = ""] = /^bytes=(\d*)-(\d*)$/.exec(header) ?? [];
  if (from === "" && to === "") return undefined;
  const first = from === "" ? Math.max(0, size - Number(to)) : Number(from);
  const last = from === "" || to === "" ? size - 1 : Math.min(Number(to), size - 1);
  if (first > last) throw new ServiceError("InvalidRange", "The requested range is not satisfiable", 416);
  return { first, last };
}

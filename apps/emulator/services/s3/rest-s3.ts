import { type XmlContent, xmlDocument } from "../../protocols/xml";
import { ServiceError } from "../../service/errors";
import { type HttpAnswer, type HttpRequest, header, type Protocol, type ReadRequest } from "../../service/protocol";
import { decodeAwsChunked } from "./aws-chunked";

const namespace = "http://s3.amazonaws.com/doc/2006-03-01/";

/** The query parameters and headers that are members of inputs. */
const queryMembers: Readonly<Record<string, string>> = {
  prefix: "Prefix",
  delimiter: "Delimiter",
  "max-keys": "MaxKeys",
  "encoding-type": "EncodingType",
  "start-after": "StartAfter",
  "continuation-token": "ContinuationToken",
  "key-marker": "KeyMarker",
  "version-id-marker": "VersionIdMarker",
  versionId: "VersionId",
};
const headerMembers: Readonly<Record<string, string>> = {
  range: "Range",
  "content-type": "ContentType",
  "if-match": "IfMatch",
  "if-none-match": "IfNoneMatch",
  "x-amz-acl": "ACL",
  "x-amz-server-side-encryption": "ServerSideEncryption",
};

/** The members of outputs that are headers; `Body` is the payload, everything else XML. */
const answerHeaders: Readonly<Record<string, string>> = {
  ETag: "etag",
  LastModified: "last-modified",
  ContentType: "content-type",
  ContentLength: "content-length",
  ContentRange: "content-range",
  AcceptRanges: "accept-ranges",
  VersionId: "x-amz-version-id",
  DeleteMarker: "x-amz-delete-marker",
  ChecksumCRC32: "x-amz-checksum-crc32",
  BucketRegion: "x-amz-bucket-region",
  ServerSideEncryption: "x-amz-server-side-encryption",
  SSEKMSKeyId: "x-amz-server-side-encryption-aws-kms-key-id",
};

const documents: Readonly<Record<string, string>> = {
  ListObjectsV2: "ListBucketResult",
  ListObjectVersions: "ListVersionsResult",
  GetBucketVersioning: "VersioningConfiguration",
  GetObjectLockConfiguration: "ObjectLockConfiguration",
  GetBucketEncryption: "ServerSideEncryptionConfiguration",
  GetBucketLifecycleConfiguration: "LifecycleConfiguration",
  GetBucketLogging: "BucketLoggingStatus",
};

/** Amazon S3's REST, with the bucket in the path. https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAPI.html */
export const restS3: Protocol = {
  read: (request) => {
    const [, bucket = "", ...rest] = request.path.split("/");
    const key = rest.map(decoded).join("/");
    const operation = operationOf(request, bucket, key);
    return { operation, input: inputOf(request, operation, bucket, key) };
  },
  answer: (operation, output, requestId) => {
    const members = Object.entries(output);
    const root = documents[operation];
    if (root !== undefined) return xml(200, requestId, root, Object.fromEntries(members.map(renamed)));
    if (operation === "GetBucketLocation") {
      return xml(200, requestId, "LocationConstraint", Object.fromEntries(members).LocationConstraint);
    }
    return plain(operation, members, requestId);
  },
  error: ({ code, message, status, headers, details }, requestId) => {
    const members = { Code: code, Message: message, ...details, RequestId: requestId };
    const answer = xml(status, requestId, "Error", members, "");
    return { ...answer, headers: { ...answer.headers, ...headers } };
  },
};

function decoded(component: string): string {
  try {
    return decodeURIComponent(component);
  } catch (cause) {
    throw new ServiceError("InvalidURI", "Couldn't parse the specified URI.", 400, {}, { cause });
  }
}

function operationOf({ method, query, headers }: HttpRequest, bucket: string, key: string): string {
  const unknown = [...query.keys()].find((name) => !(name in queryMembers) && !known.has(name));
  const subject = bucket === "" ? "Service" : key === "" ? "Bucket" : "Object";
  const asked = [...known].find((name) => query.has(name) && `GET Bucket ${name}` in routes) ?? query.get("list-type");
  const operation = routes[subject === "Bucket" && method === "GET" ? `GET Bucket ${asked}` : `${method} ${subject}`];
  if (operation !== undefined && unknown === undefined && header(headers, "x-amz-copy-source") === undefined)
    return operation;
  const name = query.get("x-id") ?? `${method} ${subject}${unknown === undefined ? "" : `?${unknown}`}`;
  throw new ServiceError("NotImplemented", `UnknownOperationException: ${name} is not emulated`, 501);
}

const known = new Set([
  ...["x-id", "list-type", "fetch-owner", "location", "versions"],
  ...["versioning", "object-lock", "encryption", "lifecycle", "logging", "policy"],
]);

const routes: Readonly<Record<string, string>> = {
  "HEAD Bucket": "HeadBucket",
  "GET Bucket location": "GetBucketLocation",
  "GET Bucket versions": "ListObjectVersions",
  "GET Bucket 2": "ListObjectsV2",
  "GET Bucket versioning": "GetBucketVersioning",
  "GET Bucket object-lock": "GetObjectLockConfiguration",
  "GET Bucket encryption": "GetBucketEncryption",
  "GET Bucket lifecycle": "GetBucketLifecycleConfiguration",
  "GET Bucket logging": "GetBucketLogging",
  "GET Bucket policy": "GetBucketPolicy",
  "GET Object": "GetObject",
  "HEAD Object": "HeadObject",
  "PUT Object": "PutObject",
  "DELETE Object": "DeleteObject",
};

function inputOf(request: HttpRequest, operation: string, bucket: string, key: string): ReadRequest["input"] {
  const fromQuery = Object.entries(queryMembers).map(([name, member]) => [
    member,
    request.query.get(name) ?? undefined,
  ]);
  const fromHeaders = Object.entries(headerMembers).map(([name, member]) => [member, header(request.headers, name)]);
  const members = [...fromQuery, ...fromHeaders].filter(([, value]) => value !== undefined);
  return {
    Bucket: bucket,
    ...(key !== "" && { Key: key }),
    ...Object.fromEntries(members),
    ...(operation === "PutObject" && { Body: bodyOf(request) }),
  };
}

function bodyOf({ headers, body }: HttpRequest): Buffer {
  return header(headers, "x-amz-content-sha256")?.startsWith("STREAMING-") ? decodeAwsChunked(body) : body;
}

function plain(operation: string, members: readonly [string, unknown][], requestId: string): HttpAnswer {
  const headers: Record<string, string> = { "x-amz-request-id": requestId };
  let body: Buffer | string = "";
  for (const [member, value] of members) {
    const name = answerHeaders[member];
    if (member === "Body" && Buffer.isBuffer(value)) body = value;
    else if (name !== undefined) headers[name] = value instanceof Date ? value.toUTCString() : String(value);
  }
  const range = "content-range" in headers;
  return { status: operation === "DeleteObject" ? 204 : range ? 206 : 200, headers, body };
}

/** Lists are flat in S3's XML: the element has the name of a member of the list. */
function renamed([name, value]: [string, XmlContent]): [string, XmlContent] {
  return [{ Versions: "Version", DeleteMarkers: "DeleteMarker" }[name] ?? name, value];
}

function xml(status: number, requestId: string, root: string, content: XmlContent, uri = namespace): HttpAnswer {
  const headers = { "content-type": "application/xml", "x-amz-request-id": requestId };
  return { status, headers, body: xmlDocument(root, uri, content) };
}

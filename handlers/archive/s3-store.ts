import { Readable } from "node:stream";
import {
  GetObjectCommand,
  type GetObjectCommandOutput,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
} from "@aws-sdk/client-s3";
import { clientConfiguration } from "../clients/configuration";
import { isThrottled, isUnknownOutcome, type RetrySource, withRetries } from "../clients/retries";
import { resumedBytes } from "./resumed-bytes";
import type { ArchiveStore, ContentType, Entries, ObjectStream, ObjectVersion, StoredObject } from "./store";

export interface S3StoreOptions {
  readonly bucket: string;
  /** Absent: the Region of the environment or of the shared configuration file. */
  readonly region?: string;
  /** What retries wait with. */
  readonly source: RetrySource;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The bucket may be in another Region: S3's redirection to it is followed. */
  readonly isElsewhere?: boolean;
}

/** An archive bucket at AWS, or behind `AWS_ENDPOINT_URL`, with the environment's credentials. */
export class S3Store implements ArchiveStore {
  readonly bucket: string;
  protected readonly client: S3Client;
  protected readonly source: RetrySource;

  constructor({ bucket, region, source, environment, isElsewhere = false }: S3StoreOptions) {
    this.bucket = bucket;
    this.source = source;
    const configuration: S3ClientConfig = clientConfiguration(region);
    // A local endpoint has no host name for every bucket.
    const localEndpoint = environment.AWS_ENDPOINT_URL_S3 || environment.AWS_ENDPOINT_URL;
    this.client = new S3Client({
      ...configuration,
      forcePathStyle: Boolean(localEndpoint),
      followRegionRedirects: isElsewhere,
      // What a call learns of a redirection is its own.
      cacheMiddleware: !isElsewhere,
    });
  }

  async putOnce(key: string, body: string | Uint8Array, contentType: ContentType): Promise<"written" | "exists"> {
    const command = new PutObjectCommand({
      Bucket: this.bucket,
      Key: key,
      Body: body,
      ContentType: contentType,
      IfNoneMatch: "*",
    });
    try {
      await withRetries(this.source, () => this.client.send(command), isPassingWrite);
      return "written";
    } catch (error) {
      if (error instanceof Error && error.name === "PreconditionFailed") return "exists";
      throw error;
    } finally {
      // The SDK keeps the first command of each operation, and would keep a large body with it.
      command.input.Body = "";
    }
  }

  async read(key: string): Promise<Buffer | undefined> {
    const command = new GetObjectCommand({ Bucket: this.bucket, Key: key });
    try {
      return await withRetries(this.source, async () => {
        const { Body } = await this.client.send(command);
        return Buffer.from((await Body?.transformToByteArray()) ?? []);
      });
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  }

  async stream(key: string): Promise<ObjectStream | undefined> {
    const first = await this.open(key);
    if (!first) return undefined;
    const { ContentLength: size = 0, ETag, VersionId: versionId } = first;
    const open = async (offset: number) => {
      // Another version must not go on where this one ended.
      const rest = await this.open(key, { Range: `bytes=${offset}-`, IfMatch: ETag });
      if (!rest) throw new Error(`${key} was deleted while it was read`);
      return pieces(rest);
    };
    return {
      size,
      ...withETag(ETag),
      ...(versionId === undefined || versionId === "null" ? {} : { versionId }),
      bytes: resumedBytes(this.source, size, pieces(first), open),
    };
  }

  /** The answer to a GET, with its body still to be read; undefined if there is no such key. */
  private async open(
    key: string,
    part: { readonly Range?: string; readonly IfMatch?: string | undefined } = {},
  ): Promise<GetObjectCommandOutput | undefined> {
    const command = new GetObjectCommand({ Bucket: this.bucket, Key: key, ...part });
    try {
      return await withRetries(this.source, () => this.client.send(command));
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  }

  async *list(prefix: string): AsyncGenerator<StoredObject> {
    for await (const { Contents } of this.pages(prefix))
      for (const { Key: key, Size: size, ETag: etag } of Contents ?? [])
        if (key !== undefined) yield { key: decodeKey(key), size: size ?? 0, ...withETag(etag) };
  }

  async entries(prefix: string): Promise<Entries> {
    const folders: string[] = [];
    const keys: string[] = [];
    for await (const { CommonPrefixes, Contents } of this.pages(prefix, "/")) {
      for (const { Prefix: folder = "" } of CommonPrefixes ?? [])
        folders.push(decodeKey(folder).slice(prefix.length, -1));
      for (const { Key: key = "" } of Contents ?? []) keys.push(decodeKey(key));
    }
    return { folders, keys };
  }

  async *versions(prefix: string): AsyncGenerator<ObjectVersion> {
    let keyMarker: string | undefined;
    let versionMarker: string | undefined;
    do {
      const command = new ListObjectVersionsCommand({
        Bucket: this.bucket,
        Prefix: prefix,
        EncodingType: "url",
        KeyMarker: keyMarker,
        VersionIdMarker: versionMarker,
      });
      const page: ListObjectVersionsCommandOutput = await withRetries(this.source, () => this.client.send(command));
      for (const { Key: key, Size: size, VersionId: versionId, IsLatest: isLatest, ETag: etag } of page.Versions ?? [])
        yield {
          key: decodeKey(key ?? ""),
          size: size ?? 0,
          ...withETag(etag),
          versionId: versionId ?? "null",
          isLatest: isLatest ?? false,
          isDeleteMarker: false,
        };
      for (const { Key: key, VersionId: versionId, IsLatest: isLatest } of page.DeleteMarkers ?? [])
        yield {
          key: decodeKey(key ?? ""),
          size: 0,
          versionId: versionId ?? "null",
          isLatest: isLatest ?? false,
          isDeleteMarker: true,
        };
      keyMarker = page.NextKeyMarker === undefined ? undefined : decodeKey(page.NextKeyMarker);
      versionMarker = page.NextVersionIdMarker;
    } while (keyMarker);
  }

  private async *pages(prefix: string, delimiter?: string): AsyncGenerator<ListObjectsV2CommandOutput> {
    let token: string | undefined;
    do {
      const command = new ListObjectsV2Command({
        Bucket: this.bucket,
        Prefix: prefix,
        EncodingType: "url",
        ...(delimiter ? { Delimiter: delimiter } : {}),
        ...(token ? { ContinuationToken: token } : {}),
      });
      const page = await withRetries(this.source, () => this.client.send(command));
      yield page;
      token = page.NextContinuationToken;
    } while (token);
  }
}

function pieces({ Body }: GetObjectCommandOutput): AsyncIterable<Uint8Array> {
  if (Body instanceof Readable) return Body;
  throw new TypeError("S3's answer has no body that Node can read");
}

/** Undoes S3's `url` encoding, which lets a listing carry keys that XML cannot. */
function decodeKey(key: string): string {
  return decodeURIComponent(key.replaceAll("+", " "));
}

/** S3 puts ETags in quotes. */
function withETag(etag: string | undefined): Pick<StoredObject, "etag"> {
  return etag === undefined ? {} : { etag: etag.replaceAll('"', "") };
}

/** S3 answers 409 when two conditional writes meet: neither is known to have won. */
function isPassingWrite(error: unknown): boolean {
  const conflict = error instanceof Error && error.name === "ConditionalRequestConflict";
  return conflict || isThrottled(error) || isUnknownOutcome(error);
}

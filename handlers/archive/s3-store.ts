import {
  GetObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
} from "@aws-sdk/client-s3";
import { clientConfiguration } from "../clients/configuration";
import { isThrottled, isUnknownOutcome, type RetrySource, withRetries } from "../clients/retries";

type ContentType = "application/json" | "application/x-ndjson";

export interface StoredObject {
  readonly key: string;
  /** Bytes as stored. */
  readonly size: number;
}

/** The archive bucket as the handlers use it: reads, lists, and writes what is not there yet. Nothing is overwritten or deleted. */
export class Archive {
  private readonly client: S3Client;

  constructor(
    region: string,
    readonly bucket: string,
    private readonly source: RetrySource,
    environment: Readonly<Record<string, string | undefined>>,
  ) {
    const configuration: S3ClientConfig = clientConfiguration(region);
    // A local endpoint has no host name for every bucket.
    const localEndpoint = environment.AWS_ENDPOINT_URL_S3 || environment.AWS_ENDPOINT_URL;
    this.client = new S3Client({ ...configuration, forcePathStyle: Boolean(localEndpoint) });
  }

  /**
   * Writes an object unless its key is taken. An answer that is lost counts as written by somebody: the caller reads what
   * stands there.
   */
  async putOnce(key: string, body: string, contentType: ContentType): Promise<"written" | "exists"> {
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
    }
  }

  /** Writes an object under the first of a row of numbered keys that is free, and returns its number, from 1. */
  async putNext(keyOf: (n: number) => string, body: string, contentType: ContentType): Promise<number> {
    for (let n = 1; ; n += 1) if ((await this.putOnce(keyOf(n), body, contentType)) === "written") return n;
  }

  /** The object's text, or undefined if S3 says that there is no such key. Every other error is an error. */
  async get(key: string): Promise<string | undefined> {
    const command = new GetObjectCommand({ Bucket: this.bucket, Key: key });
    try {
      return await withRetries(this.source, async () => {
        const { Body } = await this.client.send(command);
        return (await Body?.transformToString("utf-8")) ?? "";
      });
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  }

  /** Every object below a prefix, in the keys' UTF-8 byte order. */
  async *list(prefix: string): AsyncGenerator<StoredObject> {
    for await (const { Contents } of this.pages(prefix))
      for (const { Key: key, Size: size } of Contents ?? [])
        if (key !== undefined) yield { key: decodeKey(key), size: size ?? 0 };
  }

  /** The folders right below a prefix, with a slash at their ends, in UTF-8 byte order. */
  async *folders(prefix: string): AsyncGenerator<string> {
    for await (const { CommonPrefixes } of this.pages(prefix, "/"))
      for (const { Prefix: folder } of CommonPrefixes ?? []) if (folder !== undefined) yield decodeKey(folder);
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

/** Undoes S3's `url` encoding, which lets a listing carry keys that XML cannot. */
export function decodeKey(key: string): string {
  return decodeURIComponent(key.replaceAll("+", " "));
}

/** S3 answers 409 when two conditional writes meet: neither is known to have won. */
function isPassingWrite(error: unknown): boolean {
  const conflict = error instanceof Error && error.name === "ConditionalRequestConflict";
  return conflict || isThrottled(error) || isUnknownOutcome(error);
}

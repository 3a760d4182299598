import {
  GetObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  paginateListObjectsV2,
  S3Client,
} from "@aws-sdk/client-s3";
import { type ArchiveBucket, type ArchiveObject, type Entries, regionOf } from "./records";

/** An archive bucket at AWS, or behind `AWS_ENDPOINT_URL`. Credentials are the environment's. */
export class S3Bucket implements ArchiveBucket {
  private readonly client: S3Client;

  constructor(readonly bucket: string) {
    const forcePathStyle = Boolean(process.env.AWS_ENDPOINT_URL_S3 || process.env.AWS_ENDPOINT_URL);
    const region = regionOf(bucket);
    this.client = new S3Client({ ...(region === undefined ? {} : { region }), forcePathStyle });
  }

  async *list(prefix: string): AsyncGenerator<ArchiveObject> {
    const pages = paginateListObjectsV2(
      { client: this.client },
      { Bucket: this.bucket, Prefix: prefix, EncodingType: "url" },
    );
    for await (const page of pages)
      for (const { Key: key, Size: size } of page.Contents ?? [])
        if (key !== undefined) yield { key: decode(key), size: size ?? 0 };
  }

  async entries(prefix: string): Promise<Entries> {
    const folders: string[] = [];
    const keys: string[] = [];
    let token: string | undefined;
    do {
      const page: ListObjectsV2CommandOutput = await this.client.send(
        new ListObjectsV2Command({
          Bucket: this.bucket,
          Prefix: prefix,
          Delimiter: "/",
          EncodingType: "url",
          ContinuationToken: token,
        }),
      );
      for (const { Prefix } of page.CommonPrefixes ?? [])
        folders.push(
          decode(Prefix ?? "")
            .slice(prefix.length)
            .replace(/\/$/, ""),
        );
      for (const { Key } of page.Contents ?? []) keys.push(decode(Key ?? ""));
      token = page.NextContinuationToken;
    } while (token);
    return { folders, keys };
  }

  async read(key: string): Promise<Buffer> {
    const { Body } = await this.client.send(new GetObjectCommand({ Bucket: this.bucket, Key: key }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  }

  async versions(prefix: string): Promise<Map<string, number>> {
    const counts = new Map<string, number>();
    let key: string | undefined;
    let version: string | undefined;
    do {
      const page: ListObjectVersionsCommandOutput = await this.client.send(
        new ListObjectVersionsCommand({
          Bucket: this.bucket,
          Prefix: prefix,
          EncodingType: "url",
          KeyMarker: key,
          VersionIdMarker: version,
        }),
      );
      for (const { Key } of [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])]) {
        const name = decode(Key ?? "");
        counts.set(name, (counts.get(name) ?? 0) + 1);
      }
      key = page.NextKeyMarker === undefined ? undefined : decode(page.NextKeyMarker);
      version = page.NextVersionIdMarker;
    } while (key);
    return counts;
  }
}

/** Undoes S3's `url` encoding, which lets a listing carry keys that XML cannot. */
function decode(key: string): string {
  return decodeURIComponent(key.replaceAll("+", " "));
}

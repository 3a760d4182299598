import {
  GetObjectCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  paginateListObjectsV2,
  S3Client,
} from "@aws-sdk/client-s3";
import { decodeKey } from "../../handlers/archive/s3-store";
import { type ArchiveBucket, type ArchiveObject, type Entries, regionOf } from "../../handlers/archive/standing";

/** An archive bucket at AWS, or behind `AWS_ENDPOINT_URL`. Credentials are the environment's. */
export class S3Bucket implements ArchiveBucket {
  private readonly client: S3Client;

  constructor(readonly bucket: string) {
    const forcePathStyle = Boolean(process.env.AWS_ENDPOINT_URL_S3 || process.env.AWS_ENDPOINT_URL);
    const region = regionOf(bucket);
    this.client = new S3Client({ ...(region === undefined ? {} : { region }), forcePathStyle });
  }

  async *list(prefix: string): AsyncGenerator<ArchiveObject> {
    for await (const { Contents } of this.pages(prefix))
      for (const { Key: key, Size: size } of Contents ?? [])
        if (key !== undefined) yield { key: decodeKey(key), size: size ?? 0 };
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

  private pages(prefix: string, delimiter?: string) {
    return paginateListObjectsV2(
      { client: this.client },
      { Bucket: this.bucket, Prefix: prefix, EncodingType: "url", Delimiter: delimiter },
    );
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
        const name = decodeKey(Key ?? "");
        counts.set(name, (counts.get(name) ?? 0) + 1);
      }
      key = page.NextKeyMarker === undefined ? undefined : decodeKey(page.NextKeyMarker);
      version = page.NextVersionIdMarker;
    } while (key);
    return counts;
  }
}

import { crc32 } from "node:zlib";
import { ServiceError } from "../../service/errors";

/**
 * Takes the chunks of an `aws-chunked` body apart and checks its CRC-32, if the trailer has one.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
export function decodeAwsChunked(body: Buffer): Buffer {
  const parts: Buffer[] = [];
  let position = 0;
  for (;;) {
    const lineEnd = body.indexOf("\r\n", position);
    const size = Number.parseInt(body.toString("latin1", position, lineEnd), 16);
    if (lineEnd === -1 || Number.isNaN(size)) {
      throw new ServiceError("IncompleteBody", "The aws-chunked body ends before its last chunk");
    }
    const start = lineEnd + 2;
    if (size === 0) return checked(Buffer.concat(parts), body.toString("latin1", start));
    parts.push(body.subarray(start, start + size));
    position = start + size + 2;
  }
}

function checked(content: Buffer, trailer: string): Buffer {
  const expected = /^x-amz-checksum-crc32:\s*(\S+)/im.exec(trailer)?.[1];
  if (expected === undefined || Buffer.from(expected, "base64").readUInt32BE() === crc32(content)) return content;
  throw new ServiceError("BadDigest", "The CRC32 you specified did not match the calculated checksum.");
}

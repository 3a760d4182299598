import { createReadStream } from "node:fs";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";

/**
 * The decompressed content of a file, all of it that comes before an error. zlib drops what it has made of the piece in which
 * it finds one: from there on it gets byte by byte, and drops nothing.
 */
export async function* gunzipped(path: string): AsyncGenerator<Buffer> {
  let handedOut = 0;
  const attempt = decompressed(createReadStream(path));
  try {
    for await (const chunk of attempt) {
      handedOut += chunk.length;
      yield chunk;
    }
    return;
  } catch {
    // The second attempt comes to the same error.
  }
  let known = handedOut;
  for await (const chunk of decompressed(bytewiseFrom(attempt.bytesWritten, path))) {
    if (chunk.length > known) yield chunk.subarray(known);
    known = Math.max(0, known - chunk.length);
  }
}

// An error of the file destroys the decompressor with it: reading that one shows both.
const decompressed = (bytes: NodeJS.ReadableStream | AsyncIterable<Buffer>) =>
  pipeline(bytes, createGunzip(), () => {});

async function* bytewiseFrom(start: number, path: string): AsyncGenerator<Buffer> {
  if (start > 0) yield* createReadStream(path, { end: start - 1 });
  for await (const chunk of createReadStream(path, { start }))
    for (let index = 0; index < chunk.length; index++) yield chunk.subarray(index, index + 1);
}

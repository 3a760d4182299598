import { isUtf8 } from "node:buffer";
import { createReadStream } from "node:fs";
import { gunzipped } from "./gunzipped";

export class NotText extends Error {
  override readonly name = "NotText";
}

/** What a file turns out to hold. */
export interface Reader {
  onLine(line: Line): void;
  /** Before the lines that end in these bytes (decompressed); may throw to read no further. */
  onBytes(count: number): void;
}

export interface Line {
  readonly text: string;
  /** Bytes that are not UTF-8 became U+FFFD. */
  readonly repaired: boolean;
}

const NEWLINE = 0x0a;
const BYTE_ORDER_MARK = Buffer.from("\ufeff");
/** A NUL byte this near the beginning makes a file binary. */
const LOOKED_AT = 8_192;

/**
 * Tells `reader` every line of the file, in order: decompressed if its name ends with `.gz`, without line ends (LF or
 * CRLF) and without a byte order mark. The last line needs no line end. Memory holds one chunk and one line at a time.
 *
 * @returns the file system's or zlib's error, if the file cannot be read to its end: `reader` has what comes before
 * @throws NotText for binary content and compression other than gzip
 */
export async function readLines(path: string, reader: Reader): Promise<unknown> {
  if (/\.(bz2|xz|zst|lz4|zip|7z)$/i.test(path)) throw new NotText("compressed, but not with gzip: decompress it first");
  let failure: unknown;
  const bytes = /\.gz$/i.test(path) ? gunzipped(path) : createReadStream(path);
  const readable = untilError(bytes, (error) => {
    failure = error;
  });
  for await (const line of splitLines(readable, reader)) reader.onLine(line);
  return failure;
}

async function* untilError(chunks: AsyncIterable<Buffer>, onError: (error: unknown) => void): AsyncGenerator<Buffer> {
  try {
    yield* chunks;
  } catch (error) {
    onError(error);
  }
}

async function* splitLines(chunks: AsyncIterable<Buffer>, { onBytes }: Pick<Reader, "onBytes">): AsyncGenerator<Line> {
  let seen = 0;
  let rest: Buffer[] = [];
  let isFirst = true;
  const line = (end: Buffer): Line => {
    const whole = rest.length === 0 ? end : Buffer.concat([...rest, end]);
    rest = [];
    const hasMark = isFirst && whole.subarray(0, 3).equals(BYTE_ORDER_MARK);
    isFirst = false;
    const bytes = hasMark ? whole.subarray(3) : whole;
    return { text: bytes.toString("utf8"), repaired: !isUtf8(bytes) };
  };
  for await (const chunk of chunks) {
    if (chunk.subarray(0, Math.max(0, LOOKED_AT - seen)).includes(0))
      throw new NotText("binary: it has NUL bytes (UTF-16 text has them too: convert it to UTF-8)");
    seen += chunk.length;
    onBytes(chunk.length);
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      yield withoutCarriageReturn(line(chunk.subarray(start, end)));
      start = end + 1;
    }
    if (start < chunk.length) rest.push(chunk.subarray(start));
  }
  if (rest.length > 0) yield line(Buffer.alloc(0));
}

const withoutCarriageReturn = ({ text, repaired }: Line): Line =>
  text.endsWith("\r") ? { text: text.slice(0, -1), repaired } : { text, repaired };

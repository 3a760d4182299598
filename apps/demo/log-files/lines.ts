import { isUtf8 } from "node:buffer";
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
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

const gzip = Buffer.from([0x1f, 0x8b]);
const otherCompressions: readonly Buffer[] = [
  Buffer.from("BZh"),
  Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]),
  Buffer.from([0x28, 0xb5, 0x2f, 0xfd]),
  Buffer.from([0x04, 0x22, 0x4d, 0x18]),
  Buffer.from([0x50, 0x4b, 0x03, 0x04]),
  Buffer.from([0x37, 0x7a, 0xbc, 0xaf]),
];

/**
 * Tells `reader` every line of the file, in order: decompressed if it begins as gzip does or its name ends with `.gz`, without
 * line ends (LF or CRLF) and without a byte order mark. The last line needs no line end. Memory holds one chunk and one line at
 * a time.
 *
 * @returns the file system's or zlib's error, if the file cannot be read to its end: `reader` has what comes before
 * @throws NotText for binary content and compression other than gzip
 */
export async function readLines(path: string, reader: Reader): Promise<unknown> {
  const beginning = await firstBytes(path);
  const begins = (magic: Buffer) => beginning.subarray(0, magic.length).equals(magic);
  if (otherCompressions.some(begins)) throw new NotText("compressed, but not with gzip: decompress it first");
  const bytes = begins(gzip) || /\.gz$/i.test(path) ? gunzipped(path) : createReadStream(path);
  let failure: unknown;
  const readable = untilError(bytes, (error) => {
    failure = error;
  });
  const splitter = new LineSplitter(reader);
  for await (const chunk of readable) splitter.push(chunk);
  splitter.end();
  return failure;
}

async function firstBytes(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(8), 0, 8, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function* untilError(chunks: AsyncIterable<Buffer>, onError: (error: unknown) => void): AsyncGenerator<Buffer> {
  try {
    yield* chunks;
  } catch (error) {
    onError(error);
  }
}

class LineSplitter {
  private seen = 0;
  private rest: Buffer[] = [];
  private isFirst = true;

  constructor(private readonly reader: Reader) {}

  push(chunk: Buffer): void {
    if (chunk.subarray(0, Math.max(0, LOOKED_AT - this.seen)).includes(0))
      throw new NotText("binary: it has NUL bytes (UTF-16 text has them too: convert it to UTF-8)");
    this.seen += chunk.length;
    this.reader.onBytes(chunk.length);
    const end = chunk.lastIndexOf(NEWLINE);
    if (end === -1) {
      this.rest.push(chunk);
      return;
    }
    this.tell(Buffer.concat([...this.rest, chunk.subarray(0, end)]), withoutCarriageReturn);
    this.rest = end + 1 < chunk.length ? [chunk.subarray(end + 1)] : [];
  }

  end(): void {
    if (this.rest.length > 0) this.tell(Buffer.concat(this.rest), (text) => text);
  }

  /** Several lines at a time: that is much faster, and most files are UTF-8. */
  private tell(bytes: Buffer, trim: (text: string) => string): void {
    const hasMark = this.isFirst && bytes.subarray(0, 3).equals(BYTE_ORDER_MARK);
    this.isFirst = false;
    const text = hasMark ? bytes.subarray(3) : bytes;
    if (isUtf8(text)) {
      for (const line of text.toString("utf8").split("\n")) this.reader.onLine({ text: trim(line), repaired: false });
      return;
    }
    let start = 0;
    for (let end = 0; end !== text.length; start = end + 1) {
      const newline = text.indexOf(NEWLINE, start);
      end = newline === -1 ? text.length : newline;
      const line = text.subarray(start, end);
      this.reader.onLine({ text: trim(line.toString("utf8")), repaired: !isUtf8(line) });
    }
  }
}

const withoutCarriageReturn = (text: string) => (text.endsWith("\r") ? text.slice(0, -1) : text);

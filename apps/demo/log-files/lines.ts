import { isUtf8 } from "node:buffer";
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { TextDecoder } from "node:util";
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
const CARRIAGE_RETURN = 0x0d;
const BYTE_ORDER_MARK = Buffer.from("\ufeff");
/** A NUL byte this near the beginning makes a file binary. */
const LOOKED_AT = 8_192;

const gzip = Buffer.from([0x1f, 0x8b]);
/** As many bytes as tell what a file is: a tar archive says so behind its first file's name. */
const LONGEST_BEGINNING = 262;
const otherCompressions: readonly Buffer[] = [
  Buffer.from("BZh"),
  Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]),
  Buffer.from([0x28, 0xb5, 0x2f, 0xfd]),
  Buffer.from([0x04, 0x22, 0x4d, 0x18]),
  Buffer.from([0x50, 0x4b, 0x03, 0x04]),
  Buffer.from([0x37, 0x7a, 0xbc, 0xaf]),
];

/**
 * Tells `reader` every line of the file, in order: decompressed if it is gzip, without line ends (LF or CRLF; CR in a file that has no
 * LF) and without a byte order mark, which also says whether the file is UTF-16. The last line needs no line end. Memory holds one
 * chunk and one line at a time.
 *
 * @returns the file system's or zlib's error, if the file cannot be read to its end: `reader` has what comes before
 * @throws NotText for binary content and compression other than gzip
 */
export async function readLines(path: string, reader: Reader): Promise<unknown> {
  const beginning = await firstBytes(path);
  if (compressionOf(beginning) === "other") throw new NotText("compressed, but not with gzip: decompress it first");
  // Browsers decompress what they fetch, and leave the name as it was.
  const isGzip = compressionOf(beginning) === "gzip" || (/\.gz$/i.test(path) && !isPlainText(beginning));
  const bytes = isGzip ? gunzipped(path) : createReadStream(path);
  let failure: unknown;
  const readable = untilError(bytes, (error) => {
    failure = error;
  });
  const splitter = new LineSplitter(reader);
  for await (const chunk of inUtf8(readable)) splitter.push(chunk);
  splitter.end();
  return failure;
}

function compressionOf(beginning: Buffer): "gzip" | "other" | undefined {
  const begins = (magic: Buffer) => beginning.subarray(0, magic.length).equals(magic);
  if (begins(gzip)) return "gzip";
  return otherCompressions.some(begins) ? "other" : undefined;
}

/** No control characters but those of lines; what is no UTF-8 may be text of another encoding. */
function isPlainText(bytes: Buffer): boolean {
  return bytes.every((byte) => byte >= 0x20 || (byte >= 0x09 && byte <= 0x0d) || byte === 0x1b);
}

async function firstBytes(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(LONGEST_BEGINNING), 0, LONGEST_BEGINNING, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** What begins with the mark of UTF-16, as PowerShell and the Windows event viewer write it, in UTF-8. */
async function* inUtf8(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let decoder: TextDecoder | undefined;
  let isFirst = true;
  for await (const chunk of chunks) {
    if (isFirst) decoder = utf16Of(chunk);
    isFirst = false;
    const text = decoder ? Buffer.from(decoder.decode(chunk, { stream: true })) : chunk;
    if (text.length > 0) yield text;
  }
  const rest = Buffer.from(decoder?.decode() ?? "");
  if (rest.length > 0) yield rest;
}

function utf16Of([first, second, third, fourth]: Buffer): TextDecoder | undefined {
  // That of UTF-32 begins as UTF-16's does.
  if (first === 0xff && second === 0xfe && (third !== 0 || fourth !== 0)) return new TextDecoder("utf-16le");
  return first === 0xfe && second === 0xff ? new TextDecoder("utf-16be") : undefined;
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
    if (this.seen === 0 && compressionOf(chunk)) throw new NotText("compressed twice: decompress it first");
    if (chunk.subarray(0, Math.max(0, LOOKED_AT - this.seen)).includes(0))
      throw new NotText(
        this.seen === 0 && chunk.subarray(257, 262).toString() === "ustar"
          ? "a tar archive: unpack it first"
          : "binary: it has NUL bytes (UTF-16 without a byte order mark has them too: convert it to UTF-8)",
      );
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
    if (this.rest.length === 0) return;
    const bytes = Buffer.concat(this.rest);
    // Old Macs, and some tools on them, end lines so.
    if (this.isFirst) for (const [index, byte] of bytes.entries()) if (byte === CARRIAGE_RETURN) bytes[index] = NEWLINE;
    const endsInNewline = bytes.length > 1 && bytes.at(-1) === NEWLINE;
    this.tell(endsInNewline ? bytes.subarray(0, -1) : bytes, (text) => text);
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

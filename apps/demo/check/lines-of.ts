import { closeSync, openSync, readSync } from "node:fs";

const newline = 0x0a;

/** The lines of a file, without their ends: a piece and a line in memory at a time, as a file may be more than a string can hold. */
export function* linesOf(path: string, pieceBytes = 2 ** 20): Generator<string> {
  const file = openSync(path, "r");
  try {
    const piece = Buffer.alloc(pieceBytes);
    let rest: Buffer[] = [];
    for (let read = readSync(file, piece); read > 0; read = readSync(file, piece)) {
      let start = 0;
      for (let end = piece.indexOf(newline); end !== -1 && end < read; end = piece.indexOf(newline, start)) {
        yield Buffer.concat([...rest, piece.subarray(start, end)]).toString("utf8");
        rest = [];
        start = end + 1;
      }
      // A copy: the next piece is read into the same memory.
      if (start < read) rest.push(Buffer.from(piece.subarray(start, read)));
    }
    if (rest.length > 0) yield Buffer.concat(rest).toString("utf8");
  } finally {
    closeSync(file);
  }
}

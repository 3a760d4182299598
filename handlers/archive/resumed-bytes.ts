import { isThrottled, isUnknownOutcome, type RetrySource, withRetries } from "../clients/retries";

/** The connection ended before the last byte. */
class CutOff extends Error {
  override readonly name = "CutOff";
}

/**
 * An object's bytes, whatever happens to the connections that bring them: one that breaks off is followed by another that
 * goes on where it ended. Nothing is kept, and nothing is given twice.
 * @param first the bytes from the beginning on.
 * @param open the bytes from an offset on.
 */
export async function* resumedBytes(
  source: RetrySource,
  size: number,
  first: AsyncIterable<Uint8Array>,
  open: (offset: number) => Promise<AsyncIterable<Uint8Array>>,
): AsyncGenerator<Uint8Array> {
  let read = 0;
  let pieces: AsyncIterator<Uint8Array> | undefined = first[Symbol.asyncIterator]();
  const next = async (): Promise<Uint8Array> => {
    pieces ??= (await open(read))[Symbol.asyncIterator]();
    let cause: unknown;
    try {
      const piece = await pieces.next();
      if (!piece.done) return piece.value;
    } catch (error) {
      cause = error;
    }
    pieces = undefined;
    throw new CutOff(`The connection ended after ${read} of ${size} bytes`, { cause });
  };
  try {
    while (read < size) {
      const piece = await withRetries(source, next, isPassing);
      read += piece.length;
      yield piece;
    }
    // After the last byte comes the end, or the error that the bytes are not those of their checksum.
    await pieces?.next();
  } finally {
    await pieces?.return?.();
  }
}

function isPassing(error: unknown): boolean {
  return error instanceof CutOff || isThrottled(error) || isUnknownOutcome(error);
}

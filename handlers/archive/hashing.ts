import { createHash, hash } from "node:crypto";
import * as z from "zod";

/** SHA-256 as records carry it: 64 hex digits in lower case. */
export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, "must be a SHA-256 of 64 hex digits in lower case");

/** An object and the SHA-256 of its bytes as stored. */
export const BoundObject = z.strictObject({ key: z.string().min(1), sha256: Sha256 });
export type BoundObject = z.infer<typeof BoundObject>;

/** SHA-256 of bytes, or of a text in UTF-8. */
export function sha256Hex(content: string | Uint8Array): string {
  return hash("sha256", content);
}

/** SHA-256 of what comes in pieces, of any size. */
export async function sha256OfStream(pieces: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of pieces) hash.update(piece);
  return hash.digest("hex");
}

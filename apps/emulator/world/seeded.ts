import { createHash } from "node:crypto";

function digest(seed: number, parts: readonly (string | number)[]): Buffer {
  return createHash("sha256")
    .update(JSON.stringify([seed, ...parts]))
    .digest();
}

/** 32 bytes that are a function of the seed and the parts. */
export function seededBytes(seed: number, ...parts: readonly (string | number)[]): Buffer {
  return digest(seed, parts);
}

/** A number in [0, 1) that is a function of the seed and the parts. */
export function seededFraction(seed: number, ...parts: readonly (string | number)[]): number {
  return digest(seed, parts).readUInt32BE(0) / 2 ** 32;
}

/** A UUID (version 4 in form) that is a function of the seed and the parts. */
export function seededUuid(seed: number, ...parts: readonly (string | number)[]): string {
  const bytes = digest(seed, parts).subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** Upper-case letters and digits, as access key ids have them. */
export function seededKeyId(prefix: string, seed: number, ...parts: readonly (string | number)[]): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const letters = [...digest(seed, parts).subarray(0, 16)].map((byte) => alphabet[byte % 32]);
  return `${prefix}${letters.join("")}`;
}

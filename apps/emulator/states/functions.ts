import { createHash } from "node:crypto";

export interface FunctionSources {
  readonly now: () => number;
  /** In [0, 1). */
  readonly random: () => number;
  readonly uuid: () => string;
}

const algorithms = {
  MD5: "md5",
  "SHA-1": "sha1",
  "SHA-256": "sha256",
  "SHA-384": "sha384",
  "SHA-512": "sha512",
} as const;

/**
 * The functions that Step Functions adds to JSONata, and those of JSONata that read the machine's clock or randomness.
 * https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
 */
export function stepFunctions({ now, random, uuid }: FunctionSources) {
  return {
    partition(items: readonly unknown[] | undefined, size: number): unknown[] | undefined {
      if (!items) return undefined;
      if (!Number.isInteger(size) || size < 1) throw new Error("$partition takes a size of 1 or more");
      return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
    },
    range(from: number, to: number, step: number): number[] {
      const length = Math.floor((to - from) / step) + 1;
      if (!Number.isInteger(length) || length > 1000) throw new Error("$range makes 1,000 elements at most");
      return Array.from({ length: Math.max(0, length) }, (_, index) => from + index * step);
    },
    hash(text: string | undefined, algorithm: keyof typeof algorithms = "SHA-256"): string | undefined {
      if (text === undefined) return undefined;
      if (!(algorithm in algorithms)) throw new Error(`$hash takes one of ${Object.keys(algorithms).join(", ")}`);
      return createHash(algorithms[algorithm]).update(text, "utf8").digest("hex");
    },
    random,
    uuid,
    parse: (text: string | undefined): unknown => (text === undefined ? undefined : JSON.parse(text)),
    now(picture?: string): string {
      if (picture !== undefined)
        throw new Error("$now takes no picture in the emulator: use $fromMillis($millis(), ...)");
      return new Date(now()).toISOString();
    },
    millis: now,
    eval() {
      throw new Error("$eval is not supported by Step Functions");
    },
  };
}

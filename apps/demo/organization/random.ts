import { createHash } from "node:crypto";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** Random choices that a seed repeats exactly. */
export interface Random {
  /** A whole number from `from` to `to`, both included. */
  int(from: number, to: number): number;
  pick<T>(choices: readonly [T, ...T[]]): T;
  /** True in `percent` of 100 cases. */
  chance(percent: number): boolean;
  /** Lower-case hexadecimal digits. */
  hex(digits: number): string;
  digits(count: number): string;
  /** Version 4 form. */
  uuid(): string;
}

/**
 * The choices of one part of the world. Every part has a generator of its own, seeded with its name, so that a change to
 * one part leaves all the others as they were.
 */
export function randomFor(seed: number, ...part: readonly string[]): Random {
  const hash = createHash("sha256").update(JSON.stringify([seed, ...part]));
  const generator = xoroshiro128plus(hash.digest().readInt32BE());
  const int = (from: number, to: number) => uniformInt(generator, from, to);
  /** Six digits at a time: most of the world's characters come from here. */
  const inBase = (base: 10 | 16) => (count: number) => {
    let drawn = "";
    while (drawn.length < count)
      drawn += int(0, base ** 6 - 1)
        .toString(base)
        .padStart(6, "0");
    return drawn.slice(0, count);
  };
  const hex = inBase(16);
  return {
    int,
    pick: (choices) => choices[int(0, choices.length - 1)] ?? choices[0],
    chance: (percent) => int(0, 99) < percent,
    hex,
    digits: inBase(10),
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-${int(8, 9)}${hex(3)}-${hex(12)}`,
  };
}

import type { Random } from "../random";

/** Where something happens. */
export interface AccountRegion {
  readonly account: string;
  readonly region: string;
  readonly logGroup: string;
}

export interface Written {
  readonly timestamp: number;
  readonly message: string;
}

/**
 * What one thing that happened at `at` (epoch milliseconds) wrote to its log stream, oldest first, within five minutes
 * after `at`.
 */
export type LoggedActivity = (random: Random, at: number, accountRegion: AccountRegion) => readonly Written[];

/** An activity that writes one line, at the moment it happens. */
export const oneLine =
  (line: (random: Random, at: number, accountRegion: AccountRegion) => string): LoggedActivity =>
  (random, at, accountRegion) => [{ timestamp: at, message: line(random, at, accountRegion) }];

/** `2026-11-21T09:15:02.123Z` */
export const iso = (at: number) => new Date(at).toISOString();

export const privateAddress = (random: Random) => `10.${random.int(0, 63)}.${random.int(0, 255)}.${random.int(4, 254)}`;

/** From the blocks that RFC 5737 keeps for documentation. */
export const publicAddress = (random: Random) =>
  `${random.pick(["192.0.2", "198.51.100", "203.0.113"])}.${random.int(1, 254)}`;

import pMap from "p-map";
import type { Range } from "../../../handlers/archive/range";
import type { ArchiveReader } from "../../../handlers/archive/store";
import { accountDays } from "./account-days";
import type { Finding } from "./findings";
import { type DayOptions, verifyDay } from "./verify-day";

/** Account days verified at a time. */
const concurrency = 16;

export interface VerifyOptions extends DayOptions {
  readonly range: Range;
  /** Account days that an earlier, interrupted verification has found intact, by their ids. */
  readonly verified: ReadonlySet<string>;
  /** Told of every account day. */
  readonly onDay: (id: string, intact: boolean, done: number, total: number) => void;
}

export interface Verification {
  readonly accountDays: number;
  /** Account days that were found intact before. */
  readonly leftOut: number;
  readonly objects: number;
  readonly bytes: number;
  readonly findings: readonly Finding[];
}

/** Recounts an archive against its receipts, account day by account day. */
export async function verify(bucket: ArchiveReader, options: VerifyOptions): Promise<Verification> {
  const { due, findings } = await accountDays(bucket, options.range);
  const open = due.filter(({ account, day }) => !options.verified.has(dayId(bucket, account, day, options.deep)));
  let done = due.length - open.length;
  const results = await pMap(
    open,
    async (accountDay) => {
      const result = await verifyDay(bucket, accountDay, options);
      done += 1;
      const id = dayId(bucket, accountDay.account, accountDay.day, options.deep);
      options.onDay(id, result.findings.length === 0, done, due.length);
      return result;
    },
    { concurrency },
  );
  return {
    accountDays: open.length,
    leftOut: due.length - open.length,
    objects: results.reduce((sum, { objects }) => sum + objects, 0),
    bytes: results.reduce((sum, { bytes }) => sum + bytes, 0),
    findings: [...findings, ...results.flatMap((result) => result.findings)],
  };
}

/** What was found intact without being read through is not so for somebody who asks for that. */
function dayId(bucket: ArchiveReader, account: string, day: string, deep: boolean): string {
  return `${bucket.bucket} ${account} ${day}${deep ? " deep" : ""}`;
}

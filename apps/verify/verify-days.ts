import { availableParallelism } from "node:os";
import pMap from "p-map";
import { FolderStore } from "../../handlers/archive/folder-store";
import type { ArchiveReader } from "../../handlers/archive/store";
import { Binding } from "./binding";
import type { BoundRecords } from "./bound-records";
import { verifyInThreads } from "./day-threads";
import { ObjectHasher } from "./hashing";
import { type DayOptions, type DayToVerify, type DayVerified, verifyDay } from "./verify-day";

/** Account days verified at a time. */
const concurrency = 16;

/** Account days from which on threads are worth their start, which costs as much as a hundred of them. */
const manyDays = 256;

/** Account days of a bucket that are to be verified. */
export interface DaysToVerify<Bucket extends ArchiveReader = ArchiveReader> {
  readonly bucket: Bucket;
  readonly days: readonly DayToVerify[];
  readonly options: DayOptions;
  readonly bound: BoundRecords;
  /** Told of each that was verified. */
  readonly onVerified: (day: DayToVerify, verified: DayVerified) => void;
}

/** Verifies account days, in whose order it answers: many of a folder on all cores, others as fast as they come. */
export function verifyDays(asked: DaysToVerify): Promise<DayVerified[]> {
  const { bucket, days } = asked;
  const threads = availableParallelism();
  return bucket instanceof FolderStore && days.length >= manyDays && threads > 1
    ? verifyInThreads({ ...asked, bucket }, threads)
    : verifyHere(asked);
}

/** Verifies account days in this thread; their objects are hashed on all cores. */
async function verifyHere({ bucket, days, options, bound, onVerified }: DaysToVerify): Promise<DayVerified[]> {
  const hasher = new ObjectHasher();
  try {
    return await pMap(
      days,
      async (day) => {
        const verified = await verifyDay(bucket, day, options, new Binding(bound.ofDay(day), bound.runs), hasher);
        onVerified(day, verified);
        return verified;
      },
      { concurrency },
    );
  } finally {
    await hasher.close();
  }
}

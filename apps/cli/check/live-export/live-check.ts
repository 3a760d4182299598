import type { Configuration } from "../../../../constructs/configuration";
import type { DescribedLogGroup } from "../../../../handlers/clients/logs";
import type { Right } from "../../../../handlers/clients/member-sessions";
import type { Window } from "../../../../handlers/contract/values";
import type { Check } from "../check";
import type { KnownEvents } from "./known-events";

/** What an export's window of a millisecond is about. */
export type Purpose =
  | "begins-at-event"
  | "ends-at-event"
  | "begins-at-ingestion"
  | "ends-at-ingestion"
  | "expired-event"
  | "no-known-event";

/** An object that an export wrote. */
export interface WrittenObject {
  readonly key: string;
  /** Bytes as stored. */
  readonly size: number;
  readonly etag?: string;
  /** Of the bytes as stored, in hex. */
  readonly md5: string;
  readonly events: number;
}

/** An export task that has completed. */
export interface CompletedExport {
  readonly purpose: Purpose;
  readonly window: Window;
  readonly taskId: string;
  /** Below it are its objects. */
  readonly prefix: string;
  readonly tookMs: number;
  readonly objects: readonly WrittenObject[];
  /** Whether the event that was looked for is in it. */
  readonly hasEvent: boolean;
}

/** A right of the member role, and whether an export is refused or fails without it. */
export interface TriedRight {
  readonly right: Right;
  readonly isDemanded: boolean;
  /** What AWS said, if it is. */
  readonly said: string;
}

/** What ended the exports before all were made: a refusal, of whatever, or that there was no going on. */
export interface Ending {
  readonly kind: "caller" | "bucket" | "key" | "log-group" | "slot-taken" | "no-end";
  readonly said: string;
}

/** How many versions the bucket keeps of what was written; absent: it keeps none. */
export interface VersionCounts {
  /** The most of any exported object. */
  readonly ofObjects: number;
  readonly ofWriteTest: number;
}

/** Everything that was seen of the exports: what the checks judge by. Moments are epoch milliseconds. */
export interface Observations {
  readonly configuration: Pick<Configuration, "bucketPolicy" | "encryption">;
  readonly group: DescribedLogGroup;
  readonly known: KnownEvents;
  readonly at: number;
  readonly rights: readonly TriedRight[];
  readonly exports: readonly CompletedExport[];
  readonly ending?: Ending;
  readonly versions?: VersionCounts;
  /** When the tasks were created that DescribeExportTasks lists, in its order. */
  readonly listedTasks: readonly number[];
}

/** `open`: it is not settled, and why. Only a refusal fails: the archive is right under every answer. */
export interface Answer {
  readonly status: "settled" | "open" | "failed";
  readonly says: string;
}

/** A row of what one export settles. */
export interface LiveCheck extends Pick<Check<never>, "name" | "asks" | "means" | "cure"> {
  readonly judge: (seen: Observations) => Answer;
}

export interface LiveResult extends Omit<LiveCheck, "judge">, Answer {}

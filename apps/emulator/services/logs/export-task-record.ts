import { z } from "zod";

export const ExportTaskStatus = z.enum(["PENDING", "RUNNING", "PENDING_CANCEL", "COMPLETED", "FAILED", "CANCELLED"]);
export type ExportTaskStatus = z.infer<typeof ExportTaskStatus>;

const epochMs = z.number();

/** An export task, as a line of `export-tasks.jsonl` has it. Times are epoch milliseconds. */
export const ExportTaskRecord = z.object({
  account: z.string(),
  region: z.string(),
  id: z.string(),
  name: z.string().nullable(),
  /** The log group's name. */
  group: z.string(),
  from: epochMs,
  to: epochMs,
  status: ExportTaskStatus,
  message: z.string().nullable(),
  created: epochMs,
  /** When it left PENDING. */
  started: epochMs.nullable(),
  finished: epochMs.nullable(),
  logStreamNamePrefix: z.string().nullable(),
  /** The bucket's name. */
  destination: z.string(),
  destinationPrefix: z.string(),
});
export type ExportTaskRecord = z.infer<typeof ExportTaskRecord>;

/** Active tasks hold the slot; AWS does not say so of PENDING_CANCEL, but nothing says otherwise. */
export function holdsSlot({ status }: ExportTaskRecord): boolean {
  return status === "PENDING" || status === "RUNNING" || status === "PENDING_CANCEL";
}

import { parquetReadObjects } from "hyparquet";
import * as z from "zod";
import { codecs } from "./compression";

/** A row of an event file. */
const EventRow = z.strictObject({
  ts: z.date().nullable(),
  region: z.string(),
  account: z.string(),
  day: z.string(),
  log_group: z.string(),
  log_stream: z.string(),
  task_id: z.string(),
  message: z.string(),
});
export type EventRow = z.infer<typeof EventRow>;

/** The rows of a small event file, in its order. */
export async function readEventFile(body: Uint8Array): Promise<EventRow[]> {
  const rows = await parquetReadObjects({
    file: {
      byteLength: body.length,
      slice: (start, end) => Uint8Array.from(body.subarray(start, end)).buffer,
    },
    compressors: Object.fromEntries(
      codecs.map(({ codec, decompress }) => [codec, (page: Uint8Array) => decompress(page)]),
    ),
  });
  return z.array(EventRow).parse(rows);
}

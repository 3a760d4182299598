import { type EventRow, readEventFile } from "../../../handlers/archive/event-files/read-event-file";
import { standingEvents } from "../../../handlers/archive/event-files/standing-events";
import { sha256Hex } from "../../../handlers/archive/hashing";
import { parseSealKey, sealsRoot } from "../../../handlers/archive/layout";
import { parseSeal, type Seal } from "../../../handlers/archive/seals";
import type { ArchiveReader } from "../../../handlers/archive/store";

/** The seals of an archive by account and day, in their order. */
export async function sealsByDay(archive: ArchiveReader): Promise<Map<string, Seal[]>> {
  const days = new Map<string, Seal[]>();
  for await (const { key } of archive.list(sealsRoot)) {
    const { account, day } = parseSealKey(key) ?? {};
    const id = `${account} ${day}`;
    days.set(id, [...(days.get(id) ?? []), parseSeal(key, await archive.read(key)).seal]);
  }
  for (const seals of days.values()) seals.sort((a, b) => a.n - b.n);
  return days;
}

/** The rows that count of the event files that seals name, each file as its seal has it. */
export async function standingRows(archive: ArchiveReader): Promise<EventRow[]> {
  const rows: EventRow[] = [];
  for (const seals of (await sealsByDay(archive)).values())
    for (const { key, size, sha256, events, taskIds } of standingEvents(seals).files) {
      const body = (await archive.read(key)) ?? Buffer.alloc(0);
      const all = await readEventFile(body);
      expect([key, body.length, sha256Hex(body), all.length]).toEqual([key, size, sha256, events]);
      rows.push(...all.filter(({ task_id }) => taskIds.has(task_id)));
    }
  return rows;
}

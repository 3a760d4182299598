import { gzipSync } from "node:zlib";
import { archiveBucketName, receiptKey, taskPrefix } from "../../../handlers/archive/layout";
import { countObjects } from "../../../handlers/archive/receipts";
import type { Receipt } from "../../../handlers/archive/records";
import type { ArchivedObject } from "../../audit/support/archive";
import { account, region, utcDay } from "../../handlers/support/examples";

/** An archive of one day's log group whose objects hold these texts, each of a log stream of its own. */
export function archiveOfTexts(
  texts: readonly (string | Buffer)[],
  day = "2026-11-19",
  logGroup = "/texts",
): ArchivedObject[] {
  const bucket = archiveBucketName("200000000000", region);
  const prefix = taskPrefix(account, day, "0f3e0c3a-0000-4000-8000-000000000000");
  const objects = texts.map((text, index) => ({
    bucket,
    key: `${prefix}stream-${String(index).padStart(5, "0")}/000000.gz`,
    body: gzipSync(text, { level: 1 }),
  }));
  const counted = countObjects(objects.map(({ key, body }) => ({ key, size: body.length })));
  const { from, to } = utcDay(day);
  const at = "2026-11-20T13:31:00.000Z";
  const task = { taskId: "0f3e0c3a-0000-4000-8000-000000000000", taskName: "name", prefix, from, to, ...counted };
  const receipt: Receipt = {
    ...{ version: 1, account, region, logGroup, day, from, to, tasks: [{ ...task, createdAt: at, completedAt: at }] },
    ...{ objects: counted.objects, bytes: counted.bytes, runId: "run-1", at },
  };
  return [
    ...objects,
    { bucket, key: receiptKey(day, account, logGroup, 1), body: Buffer.from(JSON.stringify(receipt)) },
  ];
}

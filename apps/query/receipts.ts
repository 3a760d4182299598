import { readFileSync } from "node:fs";
import type { FolderStore } from "../../handlers/archive/folder-store";
import { receiptsPrefix, regionOfBucket } from "../../handlers/archive/layout";
import { parseReceipt } from "../../handlers/archive/receipts";
import type { Receipt } from "../../handlers/archive/records";
import { UnreadableRecord } from "../../handlers/archive/serialization";
import { standingReceipts as highest } from "../../handlers/archive/standing";
import { type BytesRead, ifReadable, readText } from "./reading";
import { type Selection, selects } from "./selection";

/** An account's day in a bucket, as it is found under `receipts/` or `coverage/`. */
export interface AccountDay {
  readonly account: string;
  readonly day: string;
}

/** The Region of a bucket: its name says it, or else its records do. */
export function regionOfFolder(bucket: FolderStore): string {
  const named = regionOfBucket(bucket.bucket);
  if (named !== undefined) return named;
  for (const day of bucket.folderNames("receipts/"))
    for (const account of bucket.folderNames(`receipts/${day}/`))
      for (const file of bucket.files(`receipts/${day}/${account}/`))
        try {
          return parseReceipt(file.key, readFileSync(file.path, "utf8")).region;
        } catch (error) {
          // Another one knows it, too; who reads this one says that it is damaged.
          if (!(error instanceof UnreadableRecord)) throw error;
        }
  return bucket.bucket;
}

/** The account days that a bucket has records of, oldest first, as far as they are selected. */
export function* accountDays(
  bucket: FolderStore,
  root: "receipts/" | "coverage/",
  selection: Selection,
): Generator<AccountDay> {
  const region = regionOfFolder(bucket);
  if (!selects(selection, { region })) return;
  for (const dayFolder of bucket.folderNames(root)) {
    const day = dayFolder.replace(/^day=/, "");
    if (!selects(selection, { region, day })) continue;
    for (const accountFolder of bucket.folderNames(`${root}${dayFolder}/`)) {
      const account = accountFolder.replace(/^account=/, "");
      if (selects(selection, { region, day, account })) yield { account, day };
    }
  }
}

/** The standing receipts that are selected. */
export function* selectedReceipts(bucket: FolderStore, selection: Selection, read: BytesRead): Generator<Receipt> {
  for (const accountDay of accountDays(bucket, "receipts/", selection)) {
    for (const receipt of standingReceipts(bucket, accountDay, read)) {
      const { region, account, day, logGroup } = receipt;
      if (selects(selection, { region, account, day, log_group: logGroup })) yield receipt;
    }
  }
}

/** Of every log group the receipt with the highest number. */
export function* standingReceipts(
  bucket: FolderStore,
  { account, day }: AccountDay,
  read: BytesRead,
): Generator<Receipt> {
  for (const file of highest(bucket.files(receiptsPrefix(day, account)), ({ key }) => key)) {
    const receipt = ifReadable(read, () => parseReceipt(file.key, readText(file, read)));
    if (receipt) yield receipt;
  }
}

import type { FolderStore } from "../../handlers/archive/folder-store";
import { type BytesRead, ifReadable, readText } from "./reading";
import { regionOfFolder } from "./receipts";
import { type Selection, selects } from "./selection";

/** A line of an exported object as it stands there. */
export interface RawLine {
  /** The time at its beginning, as text; null for a line that has none. */
  readonly ts: string | null;
  readonly message: string;
  readonly region: string;
  readonly account: string;
  readonly day: string;
  /** `s3://<bucket>/<key>` */
  readonly path: string;
}

const exportedLine = /^(?:(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z) )?([\s\S]*)$/;

/** Every line below `<account>/<day>/`: also of export tasks without a receipt, and of CloudWatch Logs' write test. */
export function* rawLines(buckets: readonly FolderStore[], selection: Selection, read: BytesRead): Generator<RawLine> {
  for (const bucket of buckets) {
    const region = regionOfFolder(bucket);
    for (const account of bucket.folderNames("")) {
      if (!/^\d{12}$/.test(account) || !selects(selection, { region, account })) continue;
      for (const day of bucket.folderNames(`${account}/`)) {
        if (!selects(selection, { region, account, day })) continue;
        for (const file of bucket.files(`${account}/${day}/`)) {
          const path = `s3://${bucket.bucket}/${file.key}`;
          for (const line of linesOf(ifReadable(read, () => readText(file, read)) ?? "")) {
            const [, ts, message = ""] = exportedLine.exec(line) ?? [];
            yield { ts: ts ?? null, message, region, account, day, path };
          }
        }
      }
    }
  }
}

/** As Athena reads lines: each of the three line ends ends one. */
function linesOf(text: string): string[] {
  const lines = text.split(/\r\n|\n|\r/);
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}

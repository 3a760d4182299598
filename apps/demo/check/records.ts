import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type FolderStore, folderStores } from "../../../handlers/archive/folder-store";
import { CoverageLine, Receipt } from "../../../handlers/archive/records";
import { parseLines, parseRecord } from "../../../handlers/archive/serialization";

/** What an archive says about itself. */
export interface ArchiveRecords {
  readonly receipts: ReadonlyMap<string, Receipt>;
  /** By Region. */
  readonly folders: ReadonlyMap<string, FolderStore>;
  readonly problems: readonly string[];
  /** The standing line of every item and account that has one. */
  readonly lines: Iterable<CoverageLine>;
  /** The standing line of an item, or else of its whole account on that day. */
  coverageOf(item: Item): CoverageLine | undefined;
}

export interface Item {
  readonly account: string;
  readonly region: string;
  readonly logGroup: string | null;
  readonly day: string;
}

export function itemName({ account, region, logGroup, day }: Item): string {
  return `${account} ${region} ${logGroup} ${day}`;
}

export function readRecords(directory: string): ArchiveRecords {
  const problems: string[] = [];
  const receipts = new Map<string, Receipt>();
  const lines = new Map<string, CoverageLine>();
  const folders = new Map<string, FolderStore>();
  for (const folder of folderStores(join(directory, "s3"))) {
    for (const { key, path } of folder.files("receipts/")) {
      const receipt = parseRecord(Receipt, key, readFileSync(path, "utf8"));
      const item = itemName(receipt);
      if (receipts.has(item)) problems.push(`${item}: more than one receipt`);
      receipts.set(item, receipt);
      folders.set(receipt.region, folder);
    }
    for (const { key, path } of folder.files("coverage/"))
      for (const line of parseLines(CoverageLine, key, readFileSync(path, "utf8"))) {
        const standing = lines.get(itemName(line));
        if (!standing || standing.at <= line.at) lines.set(itemName(line), line);
      }
  }
  const coverageOf = (item: Item) => lines.get(itemName(item)) ?? lines.get(itemName({ ...item, logGroup: null }));
  return { receipts, folders, problems, lines: lines.values(), coverageOf };
}

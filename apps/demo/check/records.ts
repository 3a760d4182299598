import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseCoverage } from "../../../handlers/archive/coverage";
import { type FolderStore, folderStores } from "../../../handlers/archive/folder-store";
import { coverageRoot, receiptsRoot } from "../../../handlers/archive/layout";
import { type CoverageLine, Receipt } from "../../../handlers/archive/records";
import { parseRecord } from "../../../handlers/archive/serialization";
import { StandingLines, standingReceipts } from "../../../handlers/archive/standing";
import { readingFrom } from "../damaged-archive";

/** What an archive says about itself. */
export interface ArchiveRecords {
  readonly receipts: ReadonlyMap<string, Receipt>;
  /** By Region. */
  readonly folders: ReadonlyMap<string, FolderStore>;
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

/** @throws {DamagedArchive} */
export function readRecords(directory: string): ArchiveRecords {
  const receipts = new Map<string, Receipt>();
  const lines = new Map<string, CoverageLine>();
  const folders = new Map<string, FolderStore>();
  for (const folder of folderStores(join(directory, "s3"))) {
    const stored = [...folder.files(receiptsRoot)].map(({ key, path }) => ({
      key,
      receipt: readingFrom(folder.bucket, () => parseRecord(Receipt, key, readFileSync(path, "utf8"))),
    }));
    for (const { receipt } of standingReceipts(stored, ({ key }) => key)) {
      receipts.set(itemName(receipt), receipt);
      folders.set(receipt.region, folder);
    }
    const standing = new StandingLines();
    for (const { key, path } of folder.files(coverageRoot))
      for (const line of readingFrom(folder.bucket, () => parseCoverage(key, readFileSync(path, "utf8"))))
        standing.add(line);
    for (const line of standing.values()) lines.set(itemName(line), line);
  }
  const coverageOf = (item: Item) => lines.get(itemName(item)) ?? lines.get(itemName({ ...item, logGroup: null }));
  return { receipts, folders, lines: lines.values(), coverageOf };
}

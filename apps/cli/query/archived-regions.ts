import type { ArchiveDatabase } from "../../query/archive-database";
import { UsageError } from "../errors";
import { type Filter, selectionOf } from "./filter";

/** The Regions in which receipts name a log group, in the days and accounts that are asked about. */
export async function archivedRegions(database: ArchiveDatabase, filter: Filter): Promise<string[]> {
  const sql = "SELECT DISTINCT region FROM receipts ORDER BY 1";
  const { batches } = await database.ask({ sql, selection: selectionOf(filter) });
  const regions: string[] = [];
  for await (const rows of batches) regions.push(...rows.map(([region]) => String(region)));
  return regions;
}

/** @throws {UsageError} when log groups of several Regions have the name: in one text they could not be told apart. */
export function oneRegion(regions: readonly string[], { logGroup }: Filter): void {
  if (regions.length > 1)
    throw new UsageError(
      `There is a log group ${logGroup} in ${regions.join(" and in ")}. --raw is about one: give --region.`,
    );
}

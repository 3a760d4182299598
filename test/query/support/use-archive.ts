import { type ArchivedObject, makeArchive } from "../../audit/support/archive";
import { closeAll } from "../../handlers/support/emulated";
import { archiveFolder, removeFolders } from "./archive-folder";

/** A test file's archive: of three days, windows by event time. */
export interface UsedArchive {
  readonly folder: string;
  readonly objects: readonly ArchivedObject[];
}

/** Makes the archive before the file's tests, and removes it, and all other archive folders, after them. */
export function useArchive(): UsedArchive {
  const used: { folder: string; objects: readonly ArchivedObject[] } = { folder: "", objects: [] };
  beforeAll(async () => {
    used.objects = await makeArchive("event-time");
    used.folder = archiveFolder(used.objects);
  });
  afterAll(async () => {
    removeFolders();
    await closeAll();
  });
  return used;
}

import { ArchiveDatabase } from "../../apps/query/archive-database";
import { folderStores } from "../../handlers/archive/folder-store";
import { begin, interrupt } from "../cli/support/command";
import { useArchive } from "./support/use-archive";

/** A question that is stopped: DuckDB's threads ask the process for what they read, and it must not end under them. */

const archive = useArchive();
const endless = "SELECT e.message, n FROM events e, range(1000000000) t(n)";

test.each(["evidence", "event-files"] as const)(
  "a question of %s that is stopped while it is read fails",
  async (eventsFrom) => {
    const database: ArchiveDatabase = await ArchiveDatabase.open(folderStores(archive.folder), { eventsFrom });
    try {
      expect(database.interrupt()).toBe(false);
      const { batches } = await database.ask({ sql: endless });
      const read = async () => {
        for await (const batch of batches) if (batch.length > 0) expect(database.interrupt()).toBe(true);
      };
      await expect(read()).rejects.toThrow(/interrupt/i);
      expect(database.interrupt()).toBe(false);
    } finally {
      database.close();
    }
  },
);

test("Ctrl-C ends query in the middle of its rows with 130, and what was shown does not pass for the answer", async () => {
  const child = begin(["query", "--archive", archive.folder, "--evidence", "--csv", endless]);
  const { code, err } = await interrupt(child);
  expect({ code, err }).toEqual({ code: 130, err: "" });
});

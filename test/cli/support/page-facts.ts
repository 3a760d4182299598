import type { PageFacts } from "../../../apps/cli/coverage/page";

/** What a calendar's page says beside the calendar. */
export const pageFacts: PageFacts = {
  generatedAt: "2026-11-22T00:00:00.000Z",
  archive: "an archive",
  toolVersion: "1.2.3",
  unreadable: [],
  heads: [{ bucket: "a-bucket", head: "7:abc" }],
};

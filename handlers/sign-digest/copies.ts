import type { ArchiveStore } from "../archive/store";

/** A bucket that has the digests of several archives: each below the name of its own bucket. */
export function copiesIn(copies: ArchiveStore, archiveBucket: string): Pick<ArchiveStore, "putOnce"> {
  return { putOnce: (key, body, contentType) => copies.putOnce(`${archiveBucket}/${key}`, body, contentType) };
}

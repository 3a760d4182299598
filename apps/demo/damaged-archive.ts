import { UnreadableRecord } from "../../handlers/archive/serialization";
import { nextCommand } from "../terminal/next-command";

/** The archive that is gone on with, or that was checked, is damaged: what is in it is not to be relied on. */
export class DamagedArchive extends Error {
  override readonly name = "DamagedArchive";
  constructor(place: string, cause: UnreadableRecord) {
    super(
      `${place}${cause.message}. \`${nextCommand()("verify")}\` names all that is damaged. Bring it back (docs/damage.md), or leave out --keep to start clean.`,
      { cause },
    );
  }
}

/**
 * Reads records of a bucket of the emulator's folder.
 * @throws {DamagedArchive} with the bucket and the key of what cannot be read
 */
export function readingFrom<T>(bucket: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnreadableRecord) throw new DamagedArchive(`${bucket}/`, error);
    throw error;
  }
}

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { headText } from "../../handlers/archive/digests";
import { openFolder } from "../cli/options";
import { readHead } from "../cli/verify/keys-and-heads";
import { type ArchiveVerification, verifyArchive } from "../cli/verify/verify-archive";
import { publicKeysOf } from "../verify/signatures";
import type { SimulatedRun } from "./simulation";

/** What `verify` says of the archive, given what a person would keep elsewhere. */
export interface DemoVerification {
  /** Files of the Regions' public keys. */
  readonly keyFiles: readonly string[];
  /** The heads that the runs have told, as `SEQUENCE:HASH`. */
  readonly heads: readonly string[];
  readonly result: ArchiveVerification;
}

/**
 * Verifies every byte of what runs have left; undefined where none of them has signed anything.
 * @param directory `.emulator`
 */
export async function verifyRuns(
  directory: string,
  runs: readonly SimulatedRun[],
): Promise<DemoVerification | undefined> {
  const archive = join(directory, "s3");
  const signed = runs.filter(({ execution }) => headTold(execution) !== undefined);
  if (signed.length === 0) return undefined;
  const keyFiles = [...new Set(signed.map(({ region }) => join(directory, "kms", `${region}.pem`)))];
  const heads = signed.flatMap(({ execution }) => headTold(execution) ?? []);
  const options = {
    range: {},
    keys: keyFiles.flatMap((file) => publicKeysOf(file, readFileSync(file, "utf8"))),
    heads: heads.map(readHead),
    deep: true,
    verified: new Set<string>(),
  };
  return {
    keyFiles,
    heads,
    result: await verifyArchive(archive, openFolder({ archive, region: [] }), options),
  };
}

const Told = z.object({ head: z.object({ sequence: z.number(), sha256: z.string() }) });

/** A run that ends well has its head in its output, any other in its cause. */
function headTold({ output, cause = "" }: SimulatedRun["execution"]): string | undefined {
  const told = Told.safeParse(output);
  return told.success ? headText(told.data.head) : / Head: (\d+:[0-9a-f]{64})$/.exec(cause)?.[1];
}

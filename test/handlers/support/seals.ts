import { parseSealKey } from "../../../handlers/archive/layout";
import { parseSeal, type StoredSeal } from "../../../handlers/archive/seals";
import type { Emulated } from "./emulated";
import { bucket } from "./organisation";

/** Every seal of the archive, in the order of the days' chains. */
export function sealsOf(emulated: Emulated): StoredSeal[] {
  return emulated
    .keys("seals/")
    .sort((a, b) => (parseSealKey(a)?.n ?? 0) - (parseSealKey(b)?.n ?? 0))
    .map((key) => parseSeal(key, emulated.cloud.s3.object(bucket, key)?.body));
}

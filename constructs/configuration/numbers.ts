import { z } from "zod";

/** A whole number of something, within bounds that belong to it. */
export function wholeNumber(min: number, max: number, unit: string) {
  const allowed = `must be a whole number of ${unit} from ${min} to ${max}`;
  return z.number(allowed).int(allowed).min(min, allowed).max(max, allowed);
}

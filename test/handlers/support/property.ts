import fc, { type IProperty } from "fast-check";

/** Checks a property on examples that are the same in every run. */
export function holds<T>(property: IProperty<T>, numRuns = 100): void {
  fc.assert(property, { seed: 20_261_122, numRuns });
}

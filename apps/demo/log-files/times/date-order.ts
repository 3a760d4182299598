import type { DateOrder, StatedTime } from "./stated-time";

type Ordered = StatedTime & { readonly orders: ReadonlyMap<DateOrder, number> };

/** In which order a file's dates give their figures. */
export interface OrderOfDates {
  readonly order: DateOrder;
  readonly dates: number;
  /** The dates would be dates in another order, too. */
  readonly isGuess: boolean;
}

/**
 * The order that makes dates of all figures, none of them too late, and in which they follow each other most closely; among
 * equals the one that is usual for such figures.
 */
export function ordersOfDates(stated: readonly (StatedTime | undefined)[], latest: number): readonly OrderOfDates[] {
  const ordered = stated.filter((each): each is Ordered => each?.orders !== undefined);
  const withYear = ordered.filter(({ lacks }) => lacks !== "year");
  const withoutYear = ordered.filter(({ lacks }) => lacks === "year");
  return [bestOrder(withYear, latest), bestOrder(withoutYear, Number.POSITIVE_INFINITY)].filter(
    (found) => found !== undefined,
  );
}

function bestOrder(dates: readonly Ordered[], latest: number): OrderOfDates | undefined {
  const orders = new Set(dates.flatMap((date) => [...date.orders.keys()]));
  const judged = [...orders].map((order) => {
    const times = dates.map((date) => date.orders.get(order)).filter((at) => at !== undefined && at <= latest);
    return { order, fits: times.length, steps: sumOfSteps(times) };
  });
  const [best] = judged.sort((a, b) => b.fits - a.fits || a.steps - b.steps);
  if (!best) return undefined;
  const isGuess = judged.some(({ order, fits }) => order !== best.order && fits === best.fits);
  return { order: best.order, dates: dates.length, isGuess };
}

function sumOfSteps(times: readonly (number | undefined)[]): number {
  let sum = 0;
  for (let index = 1; index < times.length; index++) sum += Math.abs((times[index] ?? 0) - (times[index - 1] ?? 0));
  return sum;
}

import { lookRate } from "./pacing";

/** A bucket of looks that refills at the rate which an account can spare. */
export class LookBudget {
  private looks = lookRate.burst;
  private at = Number.NEGATIVE_INFINITY;

  /** Takes a look that is planned for a moment, and says when it may be taken (both epoch milliseconds). */
  take(planned: number): number {
    const { perSecond, burst } = lookRate;
    const refilled = (moment: number) => Math.min(burst, this.looks + ((moment - this.at) / 1000) * perSecond);
    const missing = 1 - refilled(planned);
    const moment = missing > 0 ? planned + Math.ceil((missing / perSecond) * 1000) : planned;
    this.looks = refilled(moment) - 1;
    this.at = moment;
    return moment;
  }
}

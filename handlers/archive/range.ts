/** Part of an archive: nothing set means all of it. Days are `YYYY-MM-DD`, both ends included. */
export interface Range {
  readonly accounts?: readonly string[];
  readonly from?: string;
  readonly to?: string;
}

export function isInRange({ account, day }: { account: string; day: string }, range: Range): boolean {
  if (range.accounts && !range.accounts.includes(account)) return false;
  return isDayInRange(day, range);
}

export function isDayInRange(day: string, { from, to }: Range): boolean {
  return (!from || day >= from) && (!to || day <= to);
}

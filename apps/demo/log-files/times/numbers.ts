import { epochTime } from "./fields";

/** A number of a line that may be a moment. */
export interface PossibleEpoch {
  /** Which of the line's words it is, counted from 0. */
  readonly word: number;
  /** Epoch milliseconds. */
  readonly at: number;
  /** It has a fraction of three, six or nine digits, or the next number ends what it begins. */
  readonly isLikely: boolean;
}

const epoch = /^[["'(<]*(\d{10}|\d{13}|\d{16}|\d{19})(?:[.,](\d{1,9})(?!\d))?(?=$|[\])"'>:,])/;
const DAY = 86_400_000;
/** In words and characters. */
const [searchedWords, searched] = [20, 400];

/** The numbers of a line that states no time, as far as they may be moments. */
export function possibleEpochs(line: string): readonly PossibleEpoch[] {
  if (!/\d{10}/.test(line)) return [];
  const words = line.slice(0, searched).split(/[\s|;]+/, searchedWords);
  const found: { word: number; at: number; isLikely: boolean }[] = [];
  for (const [word, text] of words.entries()) {
    const [, whole, fraction = ""] = epoch.exec(text) ?? [];
    const at = whole === undefined ? undefined : epochTime(Number(`${whole}.${fraction}`));
    if (at === undefined) continue;
    const before = found.at(-1);
    const ends = before?.word === word - 1 && at >= before.at && at - before.at <= 3_600_000;
    if (before && ends) before.isLikely = true;
    found.push({ word, at, isLikely: /^(?:\d{3}){1,3}$/.test(fraction) });
  }
  return found;
}

/** What the rest of a file says of its numbers. */
export interface Surroundings {
  /** The time that the file states nearest before a line, else after it. */
  readonly nearest: (index: number) => number | undefined;
  /** A file's events are not later than this. */
  readonly latest: number;
  /** The file's modification time. */
  readonly modifiedAt: number;
}

/**
 * Which numbers are the times of their lines: the first column that is one in most of the lines and makes sense as times,
 * near to the times that the file states or, where it states none, in order. Anything else is text: ids, telephone numbers.
 *
 * @param candidates by line, of all lines that state no time and do not continue another one
 */
export function epochColumn(
  candidates: ReadonlyMap<number, readonly PossibleEpoch[]>,
  { nearest, latest, modifiedAt }: Surroundings,
): ReadonlyMap<number, number> {
  const columns = new Map<number, Map<number, PossibleEpoch>>();
  for (const [line, epochs] of candidates)
    for (const each of epochs) columns.set(each.word, (columns.get(each.word) ?? new Map()).set(line, each));
  for (const [word, column] of [...columns].sort(([a], [b]) => a - b)) {
    const epochs = [...column].map(([line, epoch]) => ({ line, ...epoch, stated: nearest(line) }));
    const isNear = (at: number, stated: number | undefined) => stated === undefined || Math.abs(at - stated) <= DAY;
    const plausible = epochs.filter(({ at, stated }) => at <= latest && isNear(at, stated));
    if (plausible.length < 0.9 * epochs.length) continue;
    const isFileWithTimes = epochs.some(({ stated }) => stated !== undefined);
    const share = plausible.length / candidates.size;
    const isUsual = word === 0 ? share >= 0.5 : share >= 0.9 && plausible.length >= 3;
    const areLikely = share >= 0.5 && plausible.every(({ isLikely }) => isLikely);
    if (isFileWithTimes || areLikely || (isUsual && areInOrder(plausible, modifiedAt)))
      return new Map(plausible.map(({ line, at }) => [line, at]));
  }
  return new Map();
}

/** Few numbers have to be near to each other as well, a single one near to the file's modification. */
function areInOrder(epochs: readonly { readonly at: number }[], modifiedAt: number): boolean {
  const times = epochs.map(({ at }) => at);
  const first = times[0] ?? modifiedAt;
  const last = times.at(-1) ?? first;
  if (times.length === 1) return Math.abs(modifiedAt - first) <= 366 * DAY;
  if (times.length < 10 && Math.abs(last - first) > 366 * DAY) return false;
  // What counts up one by one is a number of its own.
  if (times.length > 2 && times.every((at, index) => at - first === index * 1000)) return false;
  const forward = times.slice(1).filter((at, index) => at >= (times[index] ?? 0) - DAY);
  return forward.length >= 0.9 * (times.length - 1);
}

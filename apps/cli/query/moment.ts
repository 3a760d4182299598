import { InvalidArgumentError } from "commander";
import { Day } from "../../../handlers/contract/values";

/** A day or a time of day as an option gives it, in UTC. */
export interface Moment {
  readonly text: string;
  /** Epoch milliseconds. */
  readonly start: number;
  /** Epoch milliseconds: for a day the beginning of the next one, for a time the time itself. */
  readonly end: number;
}

const pattern = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2})(:\d{2}(?:\.\d{1,3})?)?Z?)?$/;
const dayMs = 86_400_000;

export function isDay({ text }: Moment): boolean {
  return !text.includes("T");
}

/** @throws {InvalidArgumentError} naming what is allowed. */
export function parseMoment(text: string): Moment {
  const [, day = "", time, seconds = ":00"] = pattern.exec(text) ?? [];
  const start = Date.parse(`${day}T${time ?? "00:00"}${seconds}Z`);
  if (!Day.safeParse(day).success || Number.isNaN(start))
    throw new InvalidArgumentError("It must be a day, such as 2026-11-20, or a time in UTC, such as 2026-11-20T13:30.");
  return { text, start, end: time === undefined ? start + dayMs : start };
}

import { DaySeals } from "../archive/day-seals";
import { settledEvents } from "../archive/event-files/ends";
import { type StandingEvents, standingEvents } from "../archive/event-files/standing-events";
import { addDays } from "../archive/expectations";
import type { Seal } from "../archive/seals";
import { UnreadableRecord } from "../archive/serialization";
import type { EventsOfMoment } from "../archive/shared-moments";
import type { ArchiveReader } from "../archive/store";

/** Days whose seals are held: the one that is sealed, and those beside it. */
const mostDays = 3;

/** The seals of an account's days, each read once in a step. */
export class SealedDays {
  private readonly days = new Map<string, DaySeals | undefined>();

  /** @param unreadable Told of a day of which a seal is damaged. */
  constructor(
    private readonly archive: ArchiveReader,
    private readonly place: Pick<Seal, "account" | "region">,
    private readonly unreadable: (day: string, error: UnreadableRecord) => void,
  ) {}

  /** A day of which a seal is damaged is undefined: nothing could be bound to what was before. */
  async at(day: string): Promise<DaySeals | undefined> {
    if (!this.days.has(day)) this.days.set(day, await this.read(day));
    for (const oldest of [...this.days.keys()].slice(0, -mostDays)) this.days.delete(oldest);
    return this.days.get(day);
  }

  /** What counts with the day before of a log group's first millisecond, as it was found when that was settled. */
  heldBefore(day: string): (logGroup: string) => Promise<EventsOfMoment | undefined> {
    let before: Promise<StandingEvents | undefined> | undefined;
    return async (logGroup) => {
      before ??= this.at(addDays(day, -1)).then((seals) => seals && standingEvents(seals.seals, () => false));
      const standing = await before;
      return standing && standing.ends.length > 0 ? settledEvents(this.archive, standing, logGroup) : undefined;
    };
  }

  private async read(day: string): Promise<DaySeals | undefined> {
    try {
      return await DaySeals.read(this.archive, { ...this.place, day });
    } catch (error) {
      if (!(error instanceof UnreadableRecord)) throw error;
      this.unreadable(day, error);
      return undefined;
    }
  }
}

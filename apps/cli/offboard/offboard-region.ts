import pMap from "p-map";
import type { PlannedLogGroup } from "../../../handlers/archive/records";
import type { ArchiveReader } from "../../../handlers/archive/store";
import { dayWindow, newestDay } from "../../../handlers/calendar/days";
import type { Logs } from "../../../handlers/clients/logs";
import type { Clock } from "../../../handlers/clock";
import { RegionNotEnabled } from "../../../handlers/contract/errors";
import type { DayWindow } from "../../../handlers/contract/values";
import { findGaps, type Gap, type Holdings } from "./gaps";
import { heldDays } from "./holdings";

export interface OffboardPorts {
  readonly region: string;
  readonly clock: Clock;
  readonly archive: ArchiveReader;
  /** The account's CloudWatch Logs. */
  readonly openLogs: () => Promise<Logs>;
}

/** What an account holds in a Region. */
export interface Held {
  readonly groups: readonly PlannedLogGroup[];
  /** Oldest first. */
  readonly days: readonly DayWindow[];
  /** The account has not enabled the Region: there is nothing. */
  readonly isEnabled: boolean;
}

export interface RegionVerdict extends Holdings {
  readonly region: string;
  readonly logGroups: number;
  readonly firstDay?: string;
  readonly lastDay?: string;
}

/** Log groups whose streams are looked at, at a time: CloudWatch Logs gives 25 such calls a second. */
const concurrency = 5;

/** Lists what an account may still hold. @throws {AccountUnreachable} but for a Region that it has not enabled */
export async function readHeld({ clock, openLogs }: OffboardPorts, timeZone: string): Promise<Held> {
  try {
    const logs = await openLogs();
    const groups: PlannedLogGroup[] = [];
    for await (const group of logs.logGroups()) groups.push(group);
    return { groups, days: heldDays(groups, timeZone, clock.now()), isEnabled: true };
  } catch (error) {
    if (error instanceof RegionNotEnabled) return { groups: [], days: [], isEnabled: false };
    throw error;
  }
}

/** What would be lost if the account were closed now, in one Region. */
export async function judge(account: string, timeZone: string, ports: OffboardPorts): Promise<RegionVerdict> {
  const { region, clock, archive } = ports;
  // Anew: a run takes hours, in which log groups are created and written to.
  const { groups, days } = await readHeld(ports, timeZone);
  const now = clock.now();
  const holdings = await findGaps(archive, { account, region }, groups, days, now);
  const late = groups.length > 0 ? await writtenSince(groups, holdings.leftOut, timeZone, ports) : [];
  const [first] = days;
  return {
    ...holdings,
    gaps: [...holdings.gaps, ...late],
    region,
    logGroups: groups.length,
    ...(first ? { firstDay: first.day, lastDay: days.at(-1)?.day ?? first.day } : {}),
  };
}

/** Log groups that were written to after the newest day that can be archived. */
async function writtenSince(
  groups: readonly PlannedLogGroup[],
  leftOut: readonly string[],
  timeZone: string,
  { region, clock, openLogs }: OffboardPorts,
): Promise<Gap[]> {
  const newest = newestDay(clock.now(), timeZone);
  const { to } = dayWindow(newest, timeZone);
  const logs = await openLogs();
  const gapOf = async ({ name, logClass }: PlannedLogGroup): Promise<Gap[]> => {
    if (leftOut.includes(name) || logClass === "DELIVERY") return [];
    const { newest: at } = await logs.activity(name);
    if (at <= to) return [];
    const why = `written to at ${new Date(at).toISOString()}: a day can be archived 12 hours after its end`;
    return [{ region, logGroup: name, day: newest, why }];
  };
  const found = await pMap(groups, gapOf, { concurrency });
  return found.flat();
}

import type { Configuration } from "../../../../constructs/configuration";
import { archiveBucketName } from "../../../../handlers/archive/layout";
import { S3Store } from "../../../../handlers/archive/s3-store";
import { dayOf } from "../../../../handlers/calendar/days";
import { ExportSlot } from "../../../../handlers/clients/export-slot";
import { Logs } from "../../../../handlers/clients/logs";
import type { SessionPurpose } from "../../../../handlers/clients/member-sessions";
import type { RetrySource } from "../../../../handlers/clients/retries";
import { memberSessions } from "../../operator/member-logs";
import type { ObservePorts } from "./observe";

/** What is exported, of which account and Region. */
export interface LiveSubject {
  readonly region: string;
  readonly account: string;
  readonly logGroup: string;
}

/** How it is exported: as the member role, and by the environment's credentials what was written is read. */
export function livePorts(
  { region, account, logGroup }: LiveSubject,
  configuration: Configuration,
  source: RetrySource,
  told: Pick<ObservePorts, "onTask" | "onLook">,
): ObservePorts {
  const { clock, random } = source;
  const bucket = archiveBucketName(configuration.logArchiveAccount, region);
  const session = async (purpose: SessionPurpose) =>
    (await memberSessions(configuration, region, "check-live-export", source)).assume(account, purpose);
  const moment = new Date(clock.now()).toISOString();
  return {
    ...{ account, region, logGroup, clock, configuration, ...told },
    // No run takes such a task for its own: those of runs begin with org-log-archive and a slash.
    name: `org-log-archive-live-export/${moment}-${random().toString(36).slice(2, 8)}`,
    day: dayOf(clock.now(), configuration.dayTimeZone),
    archive: new S3Store({ bucket, region, source, environment: process.env }),
    openLogs: async () => new Logs(region, await session("look"), source),
    openSlot: async (without) => new ExportSlot(region, await session({ logGroup, without }), source),
  };
}

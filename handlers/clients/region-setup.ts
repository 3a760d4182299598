import { AthenaClient, GetWorkGroupCommand, ListTableMetadataCommand } from "@aws-sdk/client-athena";
import { DescribeKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { GetAccountSettingsCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { GetScheduleCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import type { Schedule } from "../contract/settings";
import { clientConfiguration } from "./configuration";
import { pages } from "./pages";
import { type RetrySource, withRetries } from "./retries";

/** A schedule of EventBridge Scheduler, as it is now. */
export interface ScheduleState extends Schedule {
  readonly isEnabled: boolean;
}

/** What a Region's stack has brought and needs, as it is now, by the environment's credentials. */
export class RegionSetup {
  constructor(
    private readonly region: string,
    private readonly source: RetrySource,
  ) {}

  /** Undefined where there is no schedule of that name. */
  async schedule(name: string): Promise<ScheduleState | undefined> {
    const client = new SchedulerClient(clientConfiguration(this.region));
    const schedule = await this.orAbsent("ResourceNotFoundException", () =>
      client.send(new GetScheduleCommand({ Name: name })),
    );
    return (
      schedule && {
        expression: schedule.ScheduleExpression ?? "",
        timeZone: schedule.ScheduleExpressionTimezone ?? "UTC",
        isEnabled: schedule.State === "ENABLED",
      }
    );
  }

  /** Executions of functions that the account may have at once, beside those that functions have reserved. */
  async concurrentExecutions(): Promise<number> {
    const client = new LambdaClient(clientConfiguration(this.region));
    const { AccountLimit } = await withRetries(this.source, () => client.send(new GetAccountSettingsCommand({})));
    return AccountLimit?.UnreservedConcurrentExecutions ?? 0;
  }

  /** `Enabled`, `Disabled`, `PendingDeletion` and others; undefined where there is no such key. @param key ARN or alias */
  async keyState(key: string): Promise<string | undefined> {
    const region = key.startsWith("arn:") ? key.split(":")[3] : this.region;
    const client = new KMSClient(clientConfiguration(region));
    const found = await this.orAbsent("NotFoundException", () => client.send(new DescribeKeyCommand({ KeyId: key })));
    return found?.KeyMetadata?.KeyState;
  }

  /** `ENABLED` or `DISABLED`; undefined where there is no such workgroup. */
  async workGroupState(name: string): Promise<string | undefined> {
    const client = new AthenaClient(clientConfiguration(this.region));
    const found = await this.orAbsent("InvalidRequestException", () =>
      client.send(new GetWorkGroupCommand({ WorkGroup: name })),
    );
    return found?.WorkGroup?.State;
  }

  /** The names of a database's tables and views, as Athena sees them. */
  async tables(CatalogName: string, DatabaseName: string): Promise<string[]> {
    const client = new AthenaClient(clientConfiguration(this.region));
    const of = { CatalogName, DatabaseName, MaxResults: 50 };
    const ask = (next: object) =>
      withRetries(this.source, () => client.send(new ListTableMetadataCommand({ ...of, ...next })));
    const found: string[] = [];
    for await (const { TableMetadataList = [] } of pages(ask))
      found.push(...TableMetadataList.flatMap(({ Name }) => Name ?? []));
    return found;
  }

  private async orAbsent<T>(name: string, call: () => Promise<T>): Promise<T | undefined> {
    try {
      return await withRetries(this.source, call);
    } catch (error) {
      if (error instanceof Error && error.name === name) return undefined;
      throw error;
    }
  }
}

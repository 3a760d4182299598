import { logGroupArn } from "../../service/arn";
import { ServiceError } from "../../service/errors";
import type { LogGroup } from "../../world/world";

/** ASCII order, as DescribeLogGroups has it: names have no other characters. */
function byName(a: LogGroup, b: LogGroup): number {
  return a.name < b.name ? -1 : 1;
}

/** The log groups of one account in one Region. */
interface RegionalGroups {
  readonly byName: Map<string, LogGroup>;
  /** In ASCII order of the names; made when it is needed. */
  sorted: readonly LogGroup[] | undefined;
}

/** The log groups of all accounts and Regions. */
export class LogGroups {
  private readonly regions = new Map<string, RegionalGroups>();

  constructor(groups: readonly LogGroup[]) {
    for (const group of groups) this.put(group);
  }

  /** In ASCII order of the names. */
  list(account: string, region: string): readonly LogGroup[] {
    const groups = this.groupsOf(account, region);
    groups.sorted ??= [...groups.byName.values()].sort(byName);
    return groups.sorted;
  }

  find(account: string, region: string, name: string): LogGroup | undefined {
    return this.groupsOf(account, region).byName.get(name);
  }

  /** Adds a log group, or replaces the one of that name: how a test lets events arrive. */
  put(group: LogGroup): void {
    const groups = this.groupsOf(group.account, group.region);
    groups.byName.set(group.name, group);
    groups.sorted = undefined;
  }

  delete(account: string, region: string, name: string): void {
    const groups = this.groupsOf(account, region);
    groups.byName.delete(name);
    groups.sorted = undefined;
  }

  /** @throws {ServiceError} ResourceNotFoundException */
  get(account: string, region: string, name: string): LogGroup {
    const group = this.find(account, region, name);
    if (group !== undefined) return group;
    throw new ServiceError("ResourceNotFoundException", "The specified log group does not exist.");
  }

  private groupsOf(account: string, region: string): RegionalGroups {
    const key = `${account}/${region}`;
    const groups = this.regions.get(key) ?? { byName: new Map<string, LogGroup>(), sorted: undefined };
    this.regions.set(key, groups);
    return groups;
  }
}

export function arnOf(group: LogGroup): string {
  return logGroupArn(group.account, group.region, group.name);
}

/** The name of a log group from its ARN (with or without `:*`) or from the name itself. */
export function nameFromIdentifier(identifier: string): string {
  const name = identifier.startsWith("arn:") ? identifier.split(":").slice(6).join(":") : identifier;
  return name.replace(/:\*$/, "");
}

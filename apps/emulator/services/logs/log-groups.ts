import { logGroupArn } from "../../service/arn";
import { ServiceError } from "../../service/errors";
import type { LogGroup } from "../../world/world";

/** ASCII order, as DescribeLogGroups has it: names have no other characters. */
function byName(a: LogGroup, b: LogGroup): number {
  return a.name < b.name ? -1 : 1;
}

/** The log groups of one account in one Region. */
interface Place {
  readonly byName: Map<string, LogGroup>;
  /** In ASCII order of the names; made when it is needed. */
  sorted: readonly LogGroup[] | undefined;
}

/** The log groups of all accounts and Regions. */
export class LogGroups {
  private readonly places = new Map<string, Place>();

  constructor(groups: readonly LogGroup[]) {
    for (const group of groups) this.put(group);
  }

  /** In ASCII order of the names. */
  list(account: string, region: string): readonly LogGroup[] {
    const place = this.place(account, region);
    place.sorted ??= [...place.byName.values()].sort(byName);
    return place.sorted;
  }

  find(account: string, region: string, name: string): LogGroup | undefined {
    return this.place(account, region).byName.get(name);
  }

  /** Adds a log group, or replaces the one of that name: how a test lets events arrive. */
  put(group: LogGroup): void {
    const place = this.place(group.account, group.region);
    place.byName.set(group.name, group);
    place.sorted = undefined;
  }

  delete(account: string, region: string, name: string): void {
    const place = this.place(account, region);
    place.byName.delete(name);
    place.sorted = undefined;
  }

  /** @throws {ServiceError} ResourceNotFoundException */
  get(account: string, region: string, name: string): LogGroup {
    const group = this.find(account, region, name);
    if (group !== undefined) return group;
    throw new ServiceError("ResourceNotFoundException", "The specified log group does not exist.");
  }

  private place(account: string, region: string): Place {
    const key = `${account}/${region}`;
    const place = this.places.get(key) ?? { byName: new Map<string, LogGroup>(), sorted: undefined };
    this.places.set(key, place);
    return place;
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

import type { AccessRequest, Authorization, Call, Cloud, Fault, World } from "../../emulator";
import { type FaultSite, isAt } from "./mishaps";
import { type PlacedFault, plannedFaults } from "./table";

export { checkFaults, type FaultCheck } from "./check";
export type { PlacedFault } from "./table";

/** What disturbs a simulation. */
export interface Trouble {
  /** Once everything is deployed, before the runs start. */
  begin(cloud: Cloud): Promise<void>;
  fault(call: Call, cloud: Cloud): Fault | undefined;
  /** Undefined: as the policies say. */
  authorize(request: AccessRequest): Authorization | undefined;
}

/** The demo organisation with its faults: the world as it is altered, and what happens while it is simulated. */
export function withFaults(
  world: World,
  regions: readonly string[],
): { world: World; trouble: Trouble; faults: readonly PlacedFault[] } {
  const faults = plannedFaults.flatMap((fault) => {
    const account = world.accounts.find(({ name }) => name === fault.account)?.id;
    const affected = { first: regions.slice(0, 1), second: regions.slice(1, 2), all: regions }[fault.regions];
    const { logGroup } = fault;
    return account && affected.length > 0
      ? [{ fault, site: { account, regions: affected, ...(logGroup ? { logGroup } : {}) } }]
      : [];
  });
  const logGroups = world.logGroups.map((group) =>
    faults
      .filter(({ site }) => isAt(site, group.account, group.region) && site.logGroup === group.name)
      .reduce((altered, { fault }) => fault.mishap.alter?.(altered) ?? altered, group),
  );
  return { world: { ...world, logGroups }, trouble: troubleOf(faults), faults };
}

function troubleOf(faults: readonly PlacedFault[]): Trouble {
  const struck = new Map<PlacedFault, number>();
  return {
    begin: async (cloud) => {
      for (const { fault, site } of faults) await fault.mishap.begin?.(cloud, site);
    },
    fault: (call, cloud) =>
      first(faults, (placed) => {
        const { fault, site } = placed;
        const before = struck.get(placed) ?? 0;
        if (!concerns(site, call) || before >= (fault.times ?? Number.POSITIVE_INFINITY)) return undefined;
        const found = fault.mishap.fault?.(call, site, cloud);
        if (found) struck.set(placed, before + 1);
        return found;
      }),
    authorize: (request) =>
      first(faults, ({ fault, site }) =>
        isAt(site, request.call.principal.account, request.call.region) && isAbout(site, request.call)
          ? fault.mishap.authorize?.(request)
          : undefined,
      ),
  };
}

function first<T>(faults: readonly PlacedFault[], answer: (fault: PlacedFault) => T | undefined): T | undefined {
  for (const fault of faults) {
    const answered = answer(fault);
    if (answered !== undefined) return answered;
  }
  return undefined;
}

/** A call of the site's account about its log group, or one about the account: its role, its records in the archive. */
function concerns(site: FaultSite, call: Call): boolean {
  if (!site.regions.includes(call.region)) return false;
  if (call.principal.account === site.account) return isAbout(site, call);
  return String(call.input.RoleArn ?? call.input.Key).includes(site.account);
}

function isAbout({ logGroup }: FaultSite, { input }: Call): boolean {
  return logGroup === undefined || input.logGroupName === logGroup;
}

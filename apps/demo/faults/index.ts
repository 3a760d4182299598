import type { AccessRequest, Authorization, Call, Cloud, Fault, World } from "../../emulator";
import { isAt, type Place } from "./mishaps";
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
    const places = { first: regions.slice(0, 1), second: regions.slice(1, 2), all: regions }[fault.regions];
    const { logGroup } = fault;
    return account && places.length > 0
      ? [{ fault, place: { account, regions: places, ...(logGroup ? { logGroup } : {}) } }]
      : [];
  });
  const logGroups = world.logGroups.map((group) =>
    faults
      .filter(({ place }) => isAt(place, group.account, group.region) && place.logGroup === group.name)
      .reduce((altered, { fault }) => fault.mishap.alter?.(altered) ?? altered, group),
  );
  return { world: { ...world, logGroups }, trouble: troubleOf(faults), faults };
}

function troubleOf(faults: readonly PlacedFault[]): Trouble {
  const struck = new Map<PlacedFault, number>();
  return {
    begin: async (cloud) => {
      for (const { fault, place } of faults) await fault.mishap.begin?.(cloud, place);
    },
    fault: (call, cloud) =>
      first(faults, (placed) => {
        const { fault, place } = placed;
        const before = struck.get(placed) ?? 0;
        if (!concerns(place, call) || before >= (fault.times ?? Number.POSITIVE_INFINITY)) return undefined;
        const found = fault.mishap.fault?.(call, place, cloud);
        if (found) struck.set(placed, before + 1);
        return found;
      }),
    authorize: (request) =>
      first(faults, ({ fault, place }) =>
        isAt(place, request.call.principal.account, request.call.region) && isAbout(place, request.call)
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

/** A call of the place's account about its log group, or one about the account: its role, its records in the archive. */
function concerns(place: Place, call: Call): boolean {
  if (!place.regions.includes(call.region)) return false;
  if (call.principal.account === place.account) return isAbout(place, call);
  return String(call.input.RoleArn ?? call.input.Key).includes(place.account);
}

function isAbout({ logGroup }: Place, { input }: Call): boolean {
  return logGroup === undefined || input.logGroupName === logGroup;
}

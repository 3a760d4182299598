import { type Asked, explain } from "../errors";
import type { Check, OrganizationPorts, RegionPorts, Result } from "./check";
import { organizationChecks } from "./organization-checks";
import { regionChecks } from "./region-checks";

/** Asks everything, one thing after the other: the first that fails is mostly why those after it do. */
export async function* runChecks(
  organization: OrganizationPorts,
  regions: readonly RegionPorts[],
  asked: Asked,
): AsyncGenerator<Result> {
  for (const check of organizationChecks) yield* results(check, organization, asked);
  for (const ports of regions)
    for (const check of regionChecks)
      for await (const result of results(check, ports, asked)) yield { ...result, region: ports.region.name };
}

async function* results<Ports>(
  { run, applies, ...row }: Check<Ports>,
  ports: Ports,
  asked: Asked,
): AsyncGenerator<Result> {
  if (applies && !applies(ports)) return;
  try {
    const details = await run(ports);
    yield { ...row, status: details.length > 0 ? "failed" : "passed", details };
  } catch (error) {
    // What one check may not ask keeps no other from asking.
    yield { ...row, status: "unknown", details: [explain(error, asked).text] };
  }
}

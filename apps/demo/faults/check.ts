import type { CoverageLine, Outcome } from "../../../handlers/archive/records";
import { type ReasonCode, reasonCode } from "../../../handlers/contract/reasons";
import { readRecords } from "../check/records";
import { isAt } from "./mishaps";
import type { PlacedFault } from "./table";

/** What became of a planted fault. */
export interface FaultCheck {
  readonly what: string;
  readonly account: string;
  readonly name: string;
  readonly regions: readonly string[];
  readonly logGroup?: string;
  readonly expected: { readonly outcome: Outcome; readonly reason?: ReasonCode };
  /** Whether coverage says what is expected, and of `failed` nothing else. */
  readonly asExpected: boolean;
  /** What coverage says instead. */
  readonly found: readonly string[];
}

/**
 * Holds the coverage in `.emulator/` against the table of faults; what failed without having been planted comes last.
 * @param lastDay the newest full day, on which every log group of the table has events.
 */
export function checkFaults(directory: string, faults: readonly PlacedFault[], lastDay: string): FaultCheck[] {
  const lines = [...readRecords(directory).lines];
  const checks = faults.map(({ fault, site }): FaultCheck => {
    const { what, ends, account: name } = fault;
    const { account, regions, logGroup } = site;
    const here = lines.filter((line) => isAt(site, line.account, line.region) && line.day === lastDay);
    const about = logGroup ? here.filter((line) => line.logGroup === logGroup) : here;
    const isExpected = (line: CoverageLine) => line.outcome === ends.outcome && codeOf(line) === ends.reason;
    const isOther = (line: CoverageLine) => line.outcome === "failed" && !isExpected(line);
    const common = { what, account, name, regions, ...(logGroup ? { logGroup } : {}), expected: ends };
    const everywhere = regions.every((region) => about.some((line) => line.region === region && isExpected(line)));
    const asExpected = everywhere && !about.some(isOther);
    return { ...common, asExpected, found: asExpected ? [] : [...new Set(about.map(describe))] };
  });
  const planted = (line: CoverageLine) =>
    faults.some(
      ({ fault, site }) =>
        isAt(site, line.account, line.region) &&
        (!site.logGroup || site.logGroup === line.logGroup) &&
        codeOf(line) === fault.ends.reason,
    );
  const strays = lines.filter((line) => line.outcome === "failed" && !planted(line));
  return [...checks, ...strays.map(stray)];
}

function stray(line: CoverageLine): FaultCheck {
  return {
    what: "failed, and no fault was planted there",
    account: line.account,
    name: "",
    regions: [line.region],
    ...(line.logGroup ? { logGroup: line.logGroup } : {}),
    expected: { outcome: "exported" },
    asExpected: false,
    found: [describe(line)],
  };
}

function codeOf({ reason }: CoverageLine): ReasonCode | undefined {
  return reason === undefined ? undefined : reasonCode(reason);
}

function describe({ outcome, reason }: CoverageLine): string {
  return reason === undefined ? outcome : `${outcome}: ${reason}`;
}

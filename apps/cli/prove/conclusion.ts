import { weightOf } from "../../verify/findings";
import { exitCodes } from "../exit-codes";
import { verdictOf } from "../verify/text";
import type { ArchiveVerification } from "../verify/verify-archive";
import type { RegionProof } from "./proof";

/** What a proof comes to. */
export interface Conclusion {
  readonly verdict: "altered" | "incomplete" | "complete, not proven" | "complete and unaltered";
  /** Days, in each Region. */
  readonly days: number;
  /** Days that stand as failed. */
  readonly failedDays: number;
  /** What verification found that is not archived, sealed or signed yet. */
  readonly openFindings: number;
  /** What could not be proven, a sentence each. */
  readonly unproven: readonly string[];
  readonly exitCode: number;
}

/** What days stand as, and what verification found, taken together: the worst counts. */
export function conclusionOf(regions: readonly RegionProof[], verification: ArchiveVerification): Conclusion {
  const days = regions.flatMap((region) => region.days);
  const failedDays = days.filter(({ standing }) => standing?.outcome === "failed").length;
  const openFindings = verification.findings.filter((finding) => weightOf(finding) === "open").length;
  const { intact, unproven } = verdictOf(verification);
  const counted = { days: days.length, failedDays, openFindings, unproven };
  if (intact === false || regions.some(({ unreadable }) => unreadable.length > 0))
    return { verdict: "altered", ...counted, exitCode: exitCodes.altered };
  if (failedDays + openFindings > 0) return { verdict: "incomplete", ...counted, exitCode: exitCodes.incomplete };
  const verdict = intact ? "complete and unaltered" : "complete, not proven";
  return { verdict, ...counted, exitCode: exitCodes.complete };
}

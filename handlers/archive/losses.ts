import { type ReasonCode, reasonCode } from "../contract/reasons";
import type { CoverageLine } from "./records";

/** Skipped for one of these reasons, data is gone that may be wanted; skipped for any other, it was left out on purpose. */
const losses: readonly (ReasonCode | undefined)[] = ["expired", "key-too-long", "log-group-deleted"];

/** Whether a line says that data is gone for good, all of it or a part: no later run can bring it. */
export function isLoss({ outcome, reason = "" }: Pick<CoverageLine, "outcome" | "reason">): boolean {
  const code = reasonCode(reason);
  return (outcome === "skipped" && losses.includes(code)) || code === "partly-expired";
}

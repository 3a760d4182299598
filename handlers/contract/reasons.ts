import { tool } from "./tool";

/**
 * Why an item was skipped, failed, or needs a second look: the code that begins a coverage line's `reason` (details may
 * follow after a colon), and what a person should know and do. Skipped is permanent: no later run can change it.
 */
export const reasons = {
  // exported, but not all that was once there
  "partly-expired": "Retention was due to delete a part of the day before its export. Raise it.",
  adopted:
    "The export task is known by its name alone, and what it exported cannot be exported again: it may hold only a part of the day.",
  "account-reached":
    "An earlier run could not read the account, and now it can be: its log groups have records of their own.",
  // empty
  "no-recent-events":
    "No log stream was created, or written to, later than 14 days before the day: no event of the day can be there.",
  "no-objects": "The export task completed and wrote no data: the group had no events on this day.",
  "no-log-groups": "The account has no log groups in this Region.",
  // skipped
  expired: "Retention deleted the day before it could be exported. Raise it.",
  "created-after-day": "The log group did not exist on this day.",
  "delivery-class":
    "Log groups of class DELIVERY hold data only for a day or two on its way elsewhere, and are not archived.",
  "key-too-long": "A log stream's name makes an S3 key of more than 1,024 bytes, which S3 refuses.",
  "log-group-deleted": "The log group was deleted before this day was exported.",
  "excluded-by-configuration": "The configuration leaves it out.",
  "outside-targets": "The account is in none of the configured organisational units.",
  "account-suspended": "AWS Organizations has suspended the account: nothing in it can be read.",
  "account-closed": "The account is closed.",
  "account-pending-activation": "The account is not active yet.",
  "account-inactive": "AWS Organizations reports a state in which the account cannot be read.",
  "management-account":
    "StackSets do not reach the management account. Configure targets.managementAccount to archive it.",
  // failed
  "role-not-assumable": "The member role is missing or refuses. Check the account's StackSet instance.",
  "region-not-enabled": "The Region is not enabled in this account. Enable it, or exclude the account.",
  "access-denied": "The account refuses a call. Look for an SCP or a changed member role.",
  "bucket-permission":
    "CloudWatch Logs may not use the archive bucket. Check what the policies of bucket and key allow logs.<region>.amazonaws.com (GetBucketAcl, PutObject); if in some accounts only: sourceAccounts, resource control policies.",
  "caller-bucket-permission":
    "The member role may not write to the archive bucket. Check its StackSet instance, SCPs, and the statement for member roles in the bucket policy.",
  "key-access-denied": "The KMS key refuses the member role or CloudWatch Logs. Correct its policy.",
  "export-task-failed": "CloudWatch Logs failed the export task. The next run tries again.",
  "export-task-cancelled": "The export task was cancelled in the account. The next run tries again.",
  "slot-busy": "A task that is not ours held the export slot beyond foreignTaskWaitMinutes.",
  deadline: "The run ended before this item's turn. The next run goes on.",
  throttled: "AWS throttled calls for longer than retries last. The next run tries again.",
  "service-error":
    "CloudWatch Logs refused a call about this log group with the error that is named. The next run tries again.",
  "not-reached": "The account's execution ended before this item's turn. The next run tries again.",
  "no-record":
    "A run was to archive it, and nothing on record says what became of it. If the run is over, the next one tries again.",
  "not-sealed": `It is archived, and its evidence is not sealed: what is named is damaged, was changed after the receipt, or was not reached. What is only late is sealed by the next run; of what stays, \`${tool} verify --deep\` names the object.`,
  "not-covered": `No run has covered this day. Start a run for it; where the newest days have none, \`${tool} status\` says since when the schedule starts no run.`,
  "missing-receipt": `Coverage says that it was archived, and no receipt commits its data. Run \`${tool} verify\`; if the receipt was deleted, bring it back before the next run.`,
  "unreadable-record": `A record of the archive does not hold what it should. Run \`${tool} verify\`.`,
  "execution-died": "The account's execution ended without a record. Look at it in the Step Functions console.",
} as const satisfies Record<string, string>;

export type ReasonCode = keyof typeof reasons;

/** A reason as records carry it: the code, and after a colon what a person needs besides. */
export function reason(code: ReasonCode, detail?: string): string {
  return detail ? `${code}: ${detail}` : code;
}

/** Whether a reason says no more than that a run did not get to an item: the next one may. */
export function isForNextRun(reason: string): boolean {
  const code = reasonCode(reason);
  return code === "deadline" || code === "not-reached";
}

/** The code that a record's reason begins with, or undefined if it is none of ours. */
export function reasonCode(text: string): ReasonCode | undefined {
  const code = text.split(":", 1)[0] ?? "";
  return Object.hasOwn(reasons, code) ? (code as ReasonCode) : undefined;
}

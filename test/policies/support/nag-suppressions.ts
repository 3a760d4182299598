/** Every finding of cdk-nag that stands, and why. */
export interface Suppression {
  readonly rule: RegExp;
  readonly constructPath: RegExp;
  readonly reason: string;
}

export const suppressions: readonly Suppression[] = [
  {
    rule: /^AwsSolutions-S1$/,
    constructPath: /Archive\/Bucket\/Resource$/,
    reason:
      "Server access logs are delivered at best effort and need a bucket of their own, since a locked one cannot receive them; CloudTrail's data events say who read what.",
  },
  {
    rule: /^AwsSolutions-S10$/,
    constructPath: /Archive\/Bucket\/Policy\/Resource$/,
    reason:
      "The policy denies requests without TLS; the rule does not see it because the ARNs are literal, which they are so that synth can measure the policy. The bucket itself passes.",
  },
  {
    rule: /^AwsSolutions-SF2$/,
    constructPath: /Run\/StateMachine\/Resource$/,
    reason: "A run lasts for hours and consists of waiting; its history, logs and report say where it is.",
  },
  {
    rule: /^AwsSolutions-SQS3$/,
    constructPath: /RunSchedule\/NotDelivered\/Resource$/,
    reason: "It is the dead-letter queue, that of EventBridge Scheduler, which the rule does not look at.",
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::\*\]$/,
    constructPath: /Functions\/ListAccounts\/Role\/DefaultPolicy\/Resource$/,
    reason: "organizations:ListAccounts has no resources.",
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::\*\]$/,
    constructPath: /Run\/StateMachine\/Role\/DefaultPolicy\/Resource$/,
    reason: "The actions by which Step Functions sets up its log delivery have no resources.",
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::arn:aws:s3:::org-log-archive-\d+-[\w-]+\/(receipts|coverage|runs|seals|events|digests)\/\*\]$/,
    constructPath: /Functions\/\w+\/Role\/DefaultPolicy\/Resource$/,
    reason: "The keys of records hold days, accounts and runs; the prefix is the narrowest that is known before them.",
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::arn:aws:s3:::org-log-archive-\d+-[\w-]+\/\?{12}\/\?{4}-\?{2}-\?{2}\/\*\]$/,
    constructPath: /Functions\/SealAccount\/Role\/DefaultPolicy\/Resource$/,
    reason: "It reads what was exported, of every account and day; the pattern is that of such keys, and of no record.",
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::arn:aws:iam::\*:role\/OrgLogArchiveMember\]$/,
    constructPath: /(Functions\/(PlanExports|RunExportTasks)|OperatorRole)\/Role\/DefaultPolicy\/Resource$/,
    reason: "Accounts join; whether an account lets its member role be assumed is in that role's own trust policy.",
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::<Functions\w+\.Arn>:\*\]$/,
    constructPath: /Run\/StateMachine\/Role\/DefaultPolicy\/Resource$/,
    reason: "The CDK allows the versions of a function with the function itself; these have none.",
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::arn:aws:s3:::org-log-archive-\d+-[\w-]+\/runs\/\*\/(archived|former)-accounts\.json\]$/,
    constructPath: /Run\/StateMachine\/Role\/DefaultPolicy\/Resource$/,
    reason: "A run's id is known when it starts; the object's name is the narrowest that is known before it.",
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::arn:aws:states:.*:execution:/,
    constructPath: /Run\/StateMachine\/DistributedMapPolicy\/Resource$/,
    reason: "The children of a Map Run get their names when they start; they are of this state machine alone.",
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::arn:aws:(s3:::org-log-archive-\d+-\*(\/\*)?|kms:\*:\d+:key\/\*)\]$/,
    constructPath: /HomeRegion\/AuditorPolicy\/Policy\/Resource$/,
    reason:
      "Auditors read the whole archive; of the account's keys only those with the archive's alias, through S3, and the public half of those that sign.",
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::\*\]$/,
    constructPath: /HomeRegion\/OperatorPolicy\/Policy\/Resource$/,
    reason: "What the organisation, the account's Regions and Lambda's quota are has no resources; it is read only.",
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::arn:aws:(states|scheduler|cloudformation|kms):\*:(\d+|\*):/,
    constructPath: /HomeRegion\/OperatorPolicy\/Policy\/Resource$/,
    reason:
      "Operators see the archive's own stacks, schedules, keys (by their aliases) and runs in every Region; StackSets belong to the management account, whose id the configuration does not have.",
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::(\*|arn:aws:glue:[\w-]+:\d+:table\/org_log_archive\/\*)\]$/,
    constructPath: /HomeRegion\/AuditorPolicy\/Policy\/Resource$/,
    reason: "What Athena's console offers for choice has no resources; of Glue, it is the tables of the one database.",
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::(\*|arn:aws:logs:\*:\*:log-group:\*)\]$/,
    constructPath: /Member\/Role\/Resource$/,
    reason:
      "Every log group of the account is to be archived, also those to come; descriptions have no narrower resource. Conditions name the Regions.",
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::arn:aws:s3:::org-log-archive-\d+-[\w-]+\/<aws:PrincipalAccount>\/\*\]$/,
    constructPath: /Member\/Role\/Resource$/,
    reason: "An account writes below its own prefix, where the days and task ids are not known before.",
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::arn:aws:kms:[\w-]+:\d+:key\/\*\]$/,
    constructPath: /Member\/Role\/Resource$/,
    reason: "Key ids are not known before deployment; the keys' own policies say which member roles they serve.",
  },
];

import { count } from "../../../terminal/amounts";
import type { Answer, Ending, LiveCheck, LiveResult, Observations } from "./live-check";
import { endsOf, readingOf } from "./reading";

const settled = (says: string): Answer => ({ status: "settled", says });
const open = (says: string): Answer => ({ status: "open", says });
const failed = (says: string): Answer => ({ status: "failed", says });

const noExport = open("No export completed.");
const noEvent = open(
  "Of no event is it known when it happened: choose a log group that was written to between 12 hours ago and the end of its retention.",
);

/** Fails if what ended the exports is of a kind. */
function failsBy(kind: Ending["kind"], judge: LiveCheck["judge"]): LiveCheck["judge"] {
  return (seen) => {
    const { ending, exports } = seen;
    if (ending?.kind === kind) return failed(ending.said);
    return exports.length === 0 ? noExport : judge(seen);
  };
}

/** How windows are to be understood makes no difference to what the archive holds in the end. */
const eitherWay = {
  means: "Nothing fails by it: days are archived with a shared millisecond, so that either answer loses no event.",
  cure: "Nothing is to be done.",
};

/** What exports of a millisecond settle of all that AWS's documentation leaves open, in the order in which one rests on another. */
export const liveChecks: readonly LiveCheck[] = [
  {
    name: "export",
    asks: "Does CloudWatch Logs export the log group?",
    means: "The log group is not archived, nor is any other of which the same is true.",
    cure: "Read what AWS said; the command why tells what runs make of the log group.",
    judge: failsBy("log-group", ({ exports }) => {
      const times = exports.map(({ tookMs }) => tookMs);
      const [least, most] = [Math.min(...times), Math.max(...times)].map(seconds);
      return settled(`It does: ${count(exports.length, "export task")} of a millisecond took ${least} to ${most}.`);
    }),
  },
  {
    name: "caller-permissions",
    asks: "Which rights does CloudWatch Logs demand of the member role, and has it got them?",
    means: "No log group of the account can be archived.",
    cure: "Deploy OrgLogArchive-Members again. An SCP of the account, or a policy on the organisation's resources, may deny s3:PutObject.",
    judge: failsBy("caller", ({ rights }) => {
      const demanded = rights.filter(({ isDemanded }) => isDemanded);
      const others = rights.filter(({ isDemanded }) => !isDemanded);
      return settled(
        [
          ...demanded.map(({ right, said }) => `${right.action} is demanded. Without it: ${sentence(said)}`),
          ...others.map(({ right }) => `${right.action} is not demanded.`),
          "The member role has all that is.",
        ].join(" "),
      );
    }),
  },
  {
    name: "source-organization",
    asks: "Does aws:SourceOrgID come with CloudWatch Logs' calls of GetBucketAcl and PutObject?",
    means: "CloudWatch Logs may not use the bucket: no account's log groups can be archived.",
    cure: 'Set bucketPolicy to "accounts" in cdk.json, list sourceAccounts, and deploy.',
    judge: failsBy("bucket", ({ configuration, exports }) => {
      if (configuration.bucketPolicy === "accounts")
        return open("The bucket policy names the accounts, and does not ask for the organisation.");
      return settled(
        exports.some(({ objects }) => objects.length > 0)
          ? "It comes with both: the export was written under a policy that demands it."
          : "It comes with both: the write test was written under a policy that demands it.",
      );
    }),
  },
  {
    name: "kms-via-service",
    asks: "Are keys used in the way that the policies allow, through CloudWatch Logs and S3 (kms:ViaService)?",
    means: "Encrypted log groups, or any log group into an encrypted archive, cannot be archived.",
    cure: "The key policy of the log group's key has to let its account's IAM policies decide. Of the archive's key: deploy the Region's stack again.",
    judge: failsBy("key", ({ configuration, group, exports }) => {
      const keys = [
        ...(group.kmsKeyArn === undefined ? [] : ["the log group's, through CloudWatch Logs"]),
        ...(configuration.encryption === "kms" ? ["the archive's, through S3"] : []),
      ];
      if (keys.length === 0)
        return open(
          "Neither the log group nor the archive is encrypted with a KMS key of its own: choose one that is.",
        );
      if (!exports.some(({ objects }) => objects.length > 0)) return open("No export found an event to encrypt.");
      return settled(`Used as the policies allow: ${keys.join("; ")}.`);
    }),
  },
  {
    name: "log-class",
    asks: "Can log groups of the class Infrequent Access be exported?",
    means: "No log group of this class is archived: runs report each as failed.",
    cure: "Exclude them (logGroups.exclude), and tell their owners.",
    judge: ({ group, ending, exports }) => {
      if (group.logClass !== "INFREQUENT_ACCESS")
        return open(`The log group's class is ${group.logClass}: choose one of INFREQUENT_ACCESS.`);
      if (ending?.kind === "log-group") return failed(ending.said);
      if (exports.length === 0) return noExport;
      const hasData = exports.some(({ objects }) => objects.length > 0);
      return hasData
        ? settled("They can, and their events were exported.")
        : open("It was exported, and no events were.");
    },
  },
  {
    name: "window-time",
    asks: "Is an event in a window by its own time, or by that of its ingestion?",
    ...eitherWay,
    judge: ({ known, exports }) => {
      if (!known.kept) return noEvent;
      const reading = readingOf(known.kept, exports);
      if (reading === "event-time") return settled("By its own time.");
      if (reading === "ingestion-time") return settled("By the time of its ingestion.");
      return exports.some(({ hasEvent }) => hasEvent)
        ? open("The event is too close to its ingestion to tell.")
        : open("No window held the event that its log stream tells of.");
    },
  },
  {
    name: "window-from",
    asks: "Is an event in a window that begins at its very millisecond (from)?",
    ...eitherWay,
    judge: ({ known, exports }) => isIn(known.kept !== undefined, endsOf(known.kept, exports).from),
  },
  {
    name: "window-to",
    asks: "Is an event in a window that ends at its very millisecond (to)?",
    ...eitherWay,
    judge: ({ known, exports }) => isIn(known.kept !== undefined, endsOf(known.kept, exports).to),
  },
  {
    name: "empty-window",
    asks: "What does an export write that finds no events?",
    means: "Nothing fails by it: a receipt counts what is there.",
    cure: "Nothing is to be done.",
    judge: ({ exports, versions }) => {
      const empty = exports.filter(({ objects }) => objects.length === 0);
      const [first] = empty;
      if (!first) return open("Every export that completed found events.");
      const writeTest = versions && versions.ofWriteTest === 0 ? "nothing at all" : "aws-logs-write-test alone";
      return settled(`COMPLETED after ${seconds(first.tookMs)}, and wrote ${writeTest}.`);
    },
  },
  {
    name: "retention",
    asks: "Is an event still exported after its retention has passed, until CloudWatch Logs deletes it?",
    means: "Nothing fails by it: what expires is exported first, and what is gone is named.",
    cure: "Nothing is to be done.",
    judge: ({ group, known, exports, at }) => {
      if (group.retentionInDays === undefined)
        return open("The log group keeps its events for ever: choose one with a retention of days.");
      if (!known.expired) return open("No log stream tells of an event whose retention has passed.");
      const found = exports.find(({ purpose }) => purpose === "expired-event");
      if (!found) return open("It is not settled how to ask for it (window-time).");
      const hours = Math.floor((at - known.expired.at) / 3_600_000 - group.retentionInDays * 24);
      return settled(`${count(hours, "hour")} after its retention it ${found.hasEvent ? "was" : "was not"} exported.`);
    },
  },
  {
    name: "etag",
    asks: "Is the ETag of what CloudWatch Logs writes the MD5 of its bytes?",
    means: "Nothing fails by it: seals hold SHA-256, and the ETag only shows that an object was replaced.",
    cure: "Nothing is to be done.",
    judge: ({ exports, configuration }) => {
      const objects = exports.flatMap((one) => one.objects);
      if (objects.length === 0) return open("No export wrote an object.");
      const same = objects.filter(({ etag, md5 }) => etag === md5).length;
      const which = same === objects.length ? "It is" : same === 0 ? "It is not" : `It is of ${same} only`;
      return settled(`${which}, of ${count(objects.length, "object")} (encryption: ${configuration.encryption}).`);
    },
  },
  {
    name: "versions",
    asks: "Does CloudWatch Logs write a key more than once?",
    means: "Nothing fails by it, unless it writes exported objects twice: verify would call that damage.",
    cure: "Send the report to the project.",
    judge: ({ exports, versions }) => {
      if (!versions) return open("The bucket keeps no versions.");
      const test = `aws-logs-write-test has ${count(versions.ofWriteTest, "version")} today, ${exports.length} of them by these exports`;
      if (versions.ofObjects === 0) return open(`No export wrote an object; ${test}.`);
      return versions.ofObjects > 1
        ? failed(`An exported object has ${versions.ofObjects} versions; ${test}.`)
        : settled(`Every exported object has one version; ${test}.`);
    },
  },
  {
    name: "task-order",
    asks: "Does DescribeExportTasks list the newest tasks first, and back to when?",
    means: "Nothing fails by it: no task is found by its place in the list.",
    cure: "Nothing is to be done.",
    judge: ({ listedTasks, at }) => {
      if (listedTasks.length < 2) return open("Fewer than two export tasks are listed.");
      const isNewestFirst = listedTasks.every((time, index) => index === 0 || time <= (listedTasks[index - 1] ?? time));
      const days = Math.max(0, Math.floor((at - Math.min(...listedTasks)) / 86_400_000));
      return settled(
        `${isNewestFirst ? "Newest first" : "In no order of time"}, of ${count(listedTasks.length, "task")}; the oldest that was looked at is ${count(days, "day")} old.`,
      );
    },
  },
];

function isIn(isKnown: boolean, answer: boolean | undefined): Answer {
  if (!isKnown) return noEvent;
  if (answer === undefined) return open("The exports do not tell (window-time).");
  return settled(answer ? "It is: this end is inclusive." : "It is not: this end is exclusive.");
}

export function judgeAll(seen: Observations): LiveResult[] {
  return liveChecks.map(({ judge, ...row }) => ({ ...row, ...judge(seen) }));
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

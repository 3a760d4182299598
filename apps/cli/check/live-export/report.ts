import type { Configuration } from "../../../../constructs/configuration";
import { size } from "../../../terminal/amounts";
import { printable } from "../../../terminal/printable";
import { toolVersion } from "../../version";
import type { KnownEvent } from "./known-events";
import type { LiveResult, Observations } from "./live-check";

/** What a report is about, and must not name. */
export interface ReportSubject {
  readonly region: string;
  readonly account: string;
  readonly logGroup: string;
  readonly configuration: Pick<
    Configuration,
    "logArchiveAccount" | "organizationId" | "externalId" | "bucketPolicy" | "encryption" | "objectLock"
  >;
}

const words: Readonly<Record<LiveResult["status"], string>> = {
  settled: "settled",
  open: "not settled",
  failed: "failed",
};

/**
 * What was settled, as Markdown, to be sent to the project: no log content, and neither accounts, the organisation, the log group nor
 * keys by their names.
 */
export function liveReport(subject: ReportSubject, seen: Observations, results: readonly LiveResult[]): string {
  const { group, exports, ending, at } = seen;
  const { bucketPolicy, encryption, objectLock } = subject.configuration;
  const facts: readonly (readonly [string, string])[] = [
    ["org-log-archive", toolVersion],
    ["Region", subject.region],
    ["log group", `class ${group.logClass}, ${group.retentionInDays ?? "unlimited"} days of retention`],
    ["its KMS key", group.kmsKeyArn === undefined ? "none of its own" : "one of its own"],
    ["its data protection", group.masked ? "on" : "off"],
    ["event looked for", ingestionText(seen.known.kept)],
    ["archive bucket", `encryption ${encryption}, Object Lock ${objectLock ? objectLock.mode : "off"}`],
    ["bucket policy", bucketPolicy],
  ];
  const hidden = (said: string) => masked(said, subject);
  return `${[
    `# Live export, ${new Date(at).toISOString()}`,
    table(["what", "is"], facts),
    ...(ending ? [`The exports ended early (${ending.kind}): ${oneLine(hidden(ending.said))}`] : []),
    "## Checks",
    table(
      ["check", "result", "answer"],
      results.map(({ name, status, says }) => [name, words[status], hidden(says)]),
    ),
    "## What they ask",
    results.map(({ name, asks }) => `- ${name}: ${asks}`).join("\n"),
    "## Exports",
    table(
      ["export task", "window", "took", "objects", "events", "stored", "has the event"],
      exports.map(({ taskId, purpose, tookMs, objects, hasEvent }) => [
        taskId,
        purpose,
        `${(tookMs / 1000).toFixed(1)} s`,
        String(objects.length),
        String(sum(objects.map(({ events }) => events))),
        size(sum(objects.map((object) => object.size))),
        hasEvent ? "yes" : "no",
      ]),
    ),
    "What they wrote stays in the bucket, below the account's folder of the day.",
  ].join("\n\n")}\n`;
}

function ingestionText(event: KnownEvent | undefined): string {
  if (!event) return "none: no log stream tells of one";
  if (event.ingestedAt === undefined) return "of unknown ingestion";
  return `ingested ${event.ingestedAt - event.at} ms after it happened`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function cell(text: string): string {
  return oneLine(text).replaceAll("|", "\\|");
}

function oneLine(text: string): string {
  return printable(text.replace(/\s+/g, " "));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

/** Whatever AWS quotes in its messages. */
function masked(text: string, { account, logGroup, configuration }: ReportSubject): string {
  const { logArchiveAccount, organizationId, externalId } = configuration;
  return text
    .replace(wholeName(logGroup), "<log group>")
    .replaceAll(externalId, "<external id>")
    .replaceAll(organizationId, "<organisation>")
    .replaceAll(account, "<account>")
    .replaceAll(logArchiveAccount, "<log archive account>")
    .replace(/\b\d{12}\b/g, "<another account>")
    .replace(/(key|alias)\/[\w/-]+/g, "$1/<key>");
}

/** A short name is a part of many words; a full stop after it is a sentence's. */
function wholeName(logGroup: string): RegExp {
  return new RegExp(`(?<![\\w./#-])${logGroup.replaceAll(".", "\\.")}(?![\\w/#-]|\\.\\w)`, "g");
}

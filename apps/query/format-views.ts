import { literal } from "../../handlers/archive/sql/expressions";
import { type Condition, partitionColumns } from "./selection";

/** A view of the events of one format, with the columns that AWS's own table definitions have for it. */
export interface FormatView {
  readonly name: string;
  /** What every one of its events contains; absent: anything. */
  readonly holds?: string;
  /** The columns by which reading less changes nothing in the view's rows. */
  readonly columns: readonly Condition["column"][];
  readonly sql: string;
}

/** Where an event lies in the archive: beside what it says. */
const place = ["ts", ...partitionColumns, "log_stream"].join(", ");

type JsonColumns = Readonly<Record<string, string>>;

/** Columns by their paths in the message. */
function jsonColumns(columns: JsonColumns, as: "text" | "json" = "text"): string {
  return Object.entries(columns)
    .map(([name, path]) => `${field(path, as)} AS ${name}`)
    .join(", ");
}

/** By DuckDB's own functions: what is JSON here is valid, and no macro may stand in a struct. */
function field(path: string, as: "text" | "json" = "text"): string {
  return `system.main.${as === "text" ? "json_extract_string" : "json_extract"}(message_json, ${literal(`$.${path}`)})`;
}

interface Fields {
  readonly [name: string]: string | Fields;
}

/** A struct of texts, and of structs of them. */
function struct(name: string, path: string, fields: Fields): string {
  return `${packed(path, fields)} AS ${name}`;
}

function packed(path: string, fields: Fields): string {
  const all = Object.entries(fields).map(
    ([name, of]) => `${name} := ${typeof of === "string" ? field(`${path}.${of}`) : packed(path, of)}`,
  );
  return `struct_pack(${all.join(", ")})`;
}

/** Columns of small letters, as Athena has them, for the keys that AWS writes. */
function lowerCased(keys: string): JsonColumns {
  return Object.fromEntries(keys.split(" ").map((key) => [key.toLowerCase(), key]));
}

const jsonEvents = `SELECT ${place}, task_id, message, json_parse(message) AS message_json FROM main.events`;

function overJson(columns: readonly string[], where: string): string {
  return `SELECT ${[...columns, place].join(", ")} FROM (${jsonEvents}) AS json_events WHERE ${where}`;
}

/** The fields in text that spaces separate, as columns of these types. */
function flowLogColumns(columns: readonly (readonly [name: string, type: string])[]): string {
  return columns
    .map(([name, type], index) => `TRY_CAST(nullif(fields[${index + 1}], '-') AS ${type}) AS "${name}"`)
    .join(", ");
}

export const formatViews: readonly FormatView[] = [
  { name: "json_events", columns: [...partitionColumns, "message"], sql: jsonEvents },
  {
    // https://docs.aws.amazon.com/athena/latest/ug/create-cloudtrail-table.html
    name: "cloudtrail",
    holds: '"eventVersion"',
    columns: partitionColumns,
    sql: overJson(
      [
        struct("useridentity", "userIdentity", {
          ...{ type: "type", principalid: "principalId", arn: "arn", accountid: "accountId", invokedby: "invokedBy" },
          ...{ accesskeyid: "accessKeyId", username: "userName" },
          issuer: "sessionContext.sessionIssuer.arn",
          mfaauthenticated: "sessionContext.attributes.mfaAuthenticated",
          sessioncontext: {
            attributes: {
              mfaauthenticated: "sessionContext.attributes.mfaAuthenticated",
              creationdate: "sessionContext.attributes.creationDate",
            },
            sessionissuer: {
              ...{ type: "sessionContext.sessionIssuer.type", principalid: "sessionContext.sessionIssuer.principalId" },
              ...{ arn: "sessionContext.sessionIssuer.arn", accountid: "sessionContext.sessionIssuer.accountId" },
              username: "sessionContext.sessionIssuer.userName",
            },
          },
        }),
        jsonColumns(
          lowerCased(
            "eventVersion eventTime eventSource eventName awsRegion sourceIPAddress userAgent errorCode errorMessage requestID eventID eventType apiVersion readOnly recipientAccountId sharedEventID vpcEndpointId eventCategory",
          ),
        ),
        jsonColumns(
          lowerCased("requestParameters responseElements additionalEventData resources serviceEventDetails tlsDetails"),
          "json",
        ),
      ],
      `${field("eventVersion")} IS NOT NULL AND ${field("eventName")} IS NOT NULL`,
    ),
  },
  {
    // Version 2, the default format: https://docs.aws.amazon.com/athena/latest/ug/vpc-flow-logs-create-table-statement.html
    name: "vpc_flow_logs",
    columns: partitionColumns,
    sql: `SELECT ${flowLogColumns([
      ["version", "INTEGER"],
      ["account_id", "VARCHAR"],
      ["interface_id", "VARCHAR"],
      ["srcaddr", "VARCHAR"],
      ["dstaddr", "VARCHAR"],
      ["srcport", "INTEGER"],
      ["dstport", "INTEGER"],
      ["protocol", "BIGINT"],
      ["packets", "BIGINT"],
      ["bytes", "BIGINT"],
      ["start", "BIGINT"],
      ["end", "BIGINT"],
      ["action", "VARCHAR"],
      ["log_status", "VARCHAR"],
    ])}, ${place} FROM (SELECT ${place}, string_split(message, ' ') AS fields FROM main.events WHERE starts_with(message, '2 ')) AS lines
WHERE len(fields) = 14 AND regexp_full_match(fields[3], 'eni-[0-9a-f]+') AND fields[14] IN ('OK', 'NODATA', 'SKIPDATA')`,
  },
  {
    // https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-view.html
    name: "lambda_reports",
    holds: "REPORT RequestId: ",
    columns: partitionColumns,
    sql: `SELECT
  regexp_extract(message, 'RequestId: (\\S+)', 1) AS request_id,
  CAST(regexp_extract(message, '\\tDuration: ([0-9.]+) ms', 1) AS DOUBLE) AS duration_ms,
  CAST(regexp_extract(message, '\\tBilled Duration: ([0-9.]+) ms', 1) AS DOUBLE) AS billed_duration_ms,
  CAST(regexp_extract(message, '\\tMemory Size: ([0-9]+) MB', 1) AS BIGINT) AS memory_size_mb,
  CAST(regexp_extract(message, '\\tMax Memory Used: ([0-9]+) MB', 1) AS BIGINT) AS max_memory_used_mb,
  CAST(regexp_extract(message, '\\tInit Duration: ([0-9.]+) ms', 1) AS DOUBLE) AS init_duration_ms,
  ${place}
FROM main.events WHERE starts_with(message, 'REPORT RequestId: ')`,
  },
  {
    // https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/
    name: "eks_audit",
    holds: '"auditID"',
    columns: partitionColumns,
    sql: overJson(
      [
        jsonColumns(
          lowerCased("level auditID stage requestURI verb userAgent requestReceivedTimestamp stageTimestamp"),
        ),
        struct("user", "user", { username: "username", uid: "uid" }),
        jsonColumns(
          {
            groups: "user.groups",
            ...lowerCased("sourceIPs impersonatedUser requestObject responseObject annotations"),
          },
          "json",
        ),
        struct("objectref", "objectRef", {
          resource: "resource",
          namespace: "namespace",
          name: "name",
          subresource: "subresource",
        }),
        `TRY_CAST(${field("responseStatus.code")} AS INTEGER) AS responsestatus_code`,
      ],
      `${field("kind")} = 'Event' AND ${field("auditID")} IS NOT NULL`,
    ),
  },
];

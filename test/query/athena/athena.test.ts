import { account } from "../../handlers/support/examples";
import { archiveFolder, ask, removeFolders } from "../support/archive-folder";
import { archiveOfTexts } from "../support/texts";

afterAll(removeFolders);

const stamp = "2026-11-19T11:42:00.000Z";
const cloudTrail = {
  eventVersion: "1.11",
  userIdentity: {
    type: "Root",
    arn: "arn:aws:iam::300000000000:root",
    accountId: "300000000000",
    sessionContext: { sessionIssuer: { userName: "admin" } },
  },
  eventTime: stamp,
  eventSource: "signin.amazonaws.com",
  eventName: "ConsoleLogin",
  sourceIPAddress: "198.51.100.19",
  responseElements: { ConsoleLogin: "Success" },
};
const audit = {
  kind: "Event",
  apiVersion: "audit.k8s.io/v1",
  level: "Metadata",
  auditID: "a-1",
  verb: "delete",
  user: { username: "kubernetes-admin", groups: ["system:masters"] },
  objectRef: { resource: "pods", namespace: "default", name: "web" },
  responseStatus: { code: 200 },
};
const messages = [
  JSON.stringify(cloudTrail),
  JSON.stringify(audit),
  "2 123456789010 eni-1235b8ca123456789 172.31.16.139 172.31.16.21 20641 22 6 20 4249 1418530010 1418530070 ACCEPT OK",
  "2 123456789010 eni-1235b8ca123456789 - - - - - - - 1431280876 1431280934 - NODATA",
  "2 is no flow log, whatever it begins with, and it has as many words as one has OK",
  "REPORT RequestId: 3604209a\tDuration: 15.74 ms\tBilled Duration: 16 ms\tMemory Size: 128 MB\tMax Memory Used: 56 MB\tInit Duration: 12.5 ms\t",
  '{"eventVersion": is no JSON, "auditID"',
];
const folder = archiveFolder(archiveOfTexts([messages.map((message) => `${stamp} ${message}\n`).join("")]));

/** What Athena answers, by its documentation. */
test.each([
  [`json_extract_scalar('{"a":1}', '$.a')`, "1"],
  [`json_extract_scalar('{"a b":{"c":"x"}}', '$["a b"].c')`, "x"],
  [`json_extract_scalar('{"a":{}}', '$.a')`, null],
  ["json_extract_scalar('no json', '$.a')", null],
  ["json_extract_string('no json', '$.a')", null],
  ["'no json' ->> '$.a'", null],
  ["json_parse('no json')", null],
  ["regexp_like('abc', 'b')", true],
  ["regexp_extract('abc', 'x')", null],
  ["regexp_extract('abc', '(b)(c)', 2)", "c"],
  ["from_unixtime(1418530010)", "2014-12-14T04:06:50.000Z"],
  ["to_unixtime(TIMESTAMP '2014-12-14 04:06:50')", 1418530010],
  ["date_parse('2023-07-10', '%Y-%m-%d')", "2023-07-10T00:00:00.000Z"],
  ["date_parse('10/Jul/2023:11:12:13', '%d/%b/%Y:%H:%i:%s')", "2023-07-10T11:12:13.000Z"],
  ["date_format(TIMESTAMP '2023-07-10 11:12:13', '%H:%i:%s of %M')", "11:12:13 of July"],
  ["date_add('day', -30, TIMESTAMP '2023-07-10 00:00:00')", "2023-06-10T00:00:00.000Z"],
  ["element_at(split('a b c', ' '), 3)", "c"],
  ["element_at(split('a b c', ' '), 4)", null],
  ["(SELECT approx_distinct(log_group) FROM receipts)", 1],
  ["(SELECT count(*) FROM org_log_archive.receipts)", 1],
  ["(SELECT count(*) FROM org_log_archive.events)", messages.length],
  ['(SELECT count(*) FROM "AwsDataCatalog"."org_log_archive"."events")', messages.length],
  ["(SELECT max(ts) AT TIME ZONE 'America/New_York' FROM events)", "2026-11-19 06:42:00"],
  ["hour((SELECT max(ts) FROM events) AT TIME ZONE 'Asia/Kolkata')", 17],
  ["at_timezone(TIMESTAMPTZ '2026-07-01 12:00:00+00', 'Europe/Berlin')", "2026-07-01 14:00:00"],
])("%s is %j", async (sql, value) => {
  expect((await ask(folder, `SELECT ${sql} AS value`)).rows).toEqual([{ value }]);
});

test("a question about JSON is not ended by messages that are none", async () => {
  const sql =
    "SELECT account, message_json ->> '$.eventName' AS name FROM json_events WHERE json_extract_string(message, '$.eventName') = 'ConsoleLogin'";
  expect((await ask(folder, sql)).rows).toEqual([{ account, name: "ConsoleLogin" }]);
  const inAthena =
    "SELECT count(*) AS n FROM events WHERE CAST(json_extract(message, '$.eventName') AS varchar) = 'ConsoleLogin'";
  expect((await ask(folder, inAthena)).rows).toEqual([{ n: 1 }]);
});

test("the views of formats have the events of their format, with AWS's columns", async () => {
  const one = async (sql: string) => (await ask(folder, sql)).rows;
  expect(
    await one(
      "SELECT eventname, useridentity.arn, useridentity.sessioncontext.sessionissuer.username, sourceipaddress, responseelements->>'$.ConsoleLogin' AS login, account, ts FROM cloudtrail",
    ),
  ).toEqual([
    {
      eventname: "ConsoleLogin",
      arn: "arn:aws:iam::300000000000:root",
      username: "admin",
      sourceipaddress: "198.51.100.19",
      login: "Success",
      account,
      ts: stamp,
    },
  ]);
  expect(
    await one(`SELECT srcaddr, dstport, bytes, "end", action, log_status FROM vpc_flow_logs ORDER BY "end"`),
  ).toEqual([
    { srcaddr: "172.31.16.139", dstport: 22, bytes: 4249, end: 1418530070, action: "ACCEPT", log_status: "OK" },
    { srcaddr: null, dstport: null, bytes: null, end: 1431280934, action: null, log_status: "NODATA" },
  ]);
  expect(await one("SELECT request_id, duration_ms, max_memory_used_mb, init_duration_ms FROM lambda_reports")).toEqual(
    [{ request_id: "3604209a", duration_ms: 15.74, max_memory_used_mb: 56, init_duration_ms: 12.5 }],
  );
  expect(
    await one(
      `SELECT verb, "user".username AS username, objectref.name AS name, responsestatus_code AS code FROM eks_audit`,
    ),
  ).toEqual([{ verb: "delete", username: "kubernetes-admin", name: "web", code: 200 }]);
});

test.each(["json_events", "cloudtrail", "vpc_flow_logs", "lambda_reports", "eks_audit"])(
  "%s reads only what is asked for",
  async (view) => {
    expect((await ask(folder, `SELECT count(*) FROM ${view} WHERE day = '2026-11-19'`)).objects).toBeGreaterThan(0);
    expect((await ask(folder, `SELECT count(*) FROM ${view} WHERE day = '2026-11-18'`)).objects).toBe(0);
  },
);

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { archiveBucketName, receiptKey } from "../handlers/archive/layout";
import { itemOf, type Window } from "./archive";

/**
 * An archive to ask: a day's CloudTrail, flow logs and application logs of every account, an object of about a megabyte each.
 * The same archive every time.
 */

const dayMs = 86_400_000;
const firstDay = Date.UTC(2026, 10, 1);

export const accountIds = Array.from({ length: 20 }, (_, index) => String(200_000_000_000 + index));
export const days: readonly Window[] = Array.from({ length: 10 }, (_, index) => {
  const from = firstDay + index * dayMs;
  return { day: new Date(from).toISOString().slice(0, 10), from, to: from + dayMs };
});

const groups: readonly (readonly [logGroup: string, message: (random: () => number) => string])[] = [
  ...["/org/cloudtrail", "/org/cloudtrail-data"].map((name) => [name, cloudTrail] as const),
  ...["/vpc/flow-logs/a", "/vpc/flow-logs/b", "/vpc/flow-logs/c"].map((name) => [name, flowLog] as const),
  ...["/app/web", "/app/orders", "/app/billing", "/app/search", "/aws/lambda/mail"].map(
    (name) => [name, application] as const,
  ),
];

/** What the questions look for. */
export const sought = {
  /** In one event of all. */
  needle: "i-0c0ffee0ddba11000",
  address: "203.0.113.77",
  day: days[6]?.day ?? "",
  account: accountIds[3] ?? "",
  logGroup: "/app/orders",
} as const;

/** @param objectBytes of each of the 2,000 objects, raw. */
export function writeQuestionsArchive(folder: string, objectBytes: number, onDay: (day: string) => void): void {
  const bucket = join(folder, archiveBucketName("111122223333", "eu-central-1"));
  const put = (key: string, body: string | Buffer) => {
    const path = join(bucket, key);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, body);
  };
  const at = new Date(firstDay + (days.length + 1) * dayMs).toISOString();
  days.forEach((window, dayIndex) => {
    onDay(window.day);
    accountIds.forEach((account, accountIndex) => {
      groups.forEach(([logGroup, message], group) => {
        const random = generator((dayIndex * 100 + accountIndex) * 100 + group + 1);
        const holdsNeedle = window.day === sought.day && account === sought.account && logGroup === sought.logGroup;
        const text = textOf(window, objectBytes, () => message(random), holdsNeedle ? sought.needle : undefined);
        const { receipt, object } = itemOf(account, window, logGroup, text, at);
        put(object.key, object.body);
        put(receiptKey(window.day, account, logGroup, 1), JSON.stringify(receipt));
      });
    });
  });
}

function textOf({ from }: Window, bytes: number, message: () => string, needle: string | undefined): string {
  const lines: string[] = [];
  let length = 0;
  const stamp = (at: number) => new Date(from + Math.floor(at)).toISOString();
  const messages: string[] = [];
  for (; length < bytes; length += 26 + (messages.at(-1)?.length ?? 0)) messages.push(message());
  for (const [index, one] of messages.entries()) {
    lines.push(`${stamp((index * dayMs) / messages.length)} ${one}\n`);
    if (needle !== undefined && index === Math.floor(messages.length / 2))
      lines.push(`${stamp((index * dayMs) / messages.length)} INFO started instance ${needle}\n`);
  }
  return lines.join("");
}

/** Numbers in [0, 1), quick, and in the same row for a seed: https://en.wikipedia.org/wiki/Lehmer_random_number_generator */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

function pick<T>(random: () => number, choices: readonly T[]): T | undefined {
  return choices[Math.floor(random() * choices.length)];
}

const hex = (random: () => number) =>
  Math.floor(random() * 2 ** 32)
    .toString(16)
    .padStart(8, "0");
const address = (random: () => number) =>
  random() < 0.0005 ? sought.address : `10.${[256, 256, 256].map((n) => Math.floor(random() * n)).join(".")}`;

function cloudTrail(random: () => number): string {
  const eventName = pick(random, [
    "AssumeRole",
    "ConsoleLogin",
    "PutObject",
    "DescribeInstances",
    "GetObject",
    "Decrypt",
  ]);
  return JSON.stringify({
    eventVersion: "1.11",
    userIdentity: {
      type: "AssumedRole",
      principalId: `AROA${hex(random)}:session`,
      arn: `arn:aws:sts::200000000000:assumed-role/role-${Math.floor(random() * 50)}/session`,
      accountId: "200000000000",
    },
    eventSource: "sts.amazonaws.com",
    eventName,
    awsRegion: "eu-central-1",
    sourceIPAddress: address(random),
    userAgent: "aws-sdk-java/2.20.1 Linux/5.10 OpenJDK_64-Bit_Server_VM/17",
    errorCode: random() < 0.01 ? "AccessDenied" : undefined,
    requestParameters: { roleArn: `arn:aws:iam::200000000000:role/role-${Math.floor(random() * 50)}` },
    requestID: `${hex(random)}-${hex(random)}`,
    eventID: `${hex(random)}-${hex(random)}-${hex(random)}`,
    readOnly: true,
    eventType: "AwsApiCall",
    recipientAccountId: "200000000000",
  });
}

function flowLog(random: () => number): string {
  const port = () => Math.floor(random() * 65_536);
  const start = 1_793_491_200 + Math.floor(random() * 86_400);
  const packets = Math.floor(random() * 100);
  const verdict = random() < 0.05 ? "REJECT OK" : "ACCEPT OK";
  return `2 200000000000 eni-${hex(random)} ${address(random)} ${address(random)} ${port()} 443 6 ${packets} ${packets * 512} ${start} ${start + 60} ${verdict}`;
}

function application(random: () => number): string {
  const level = random() < 0.02 ? "ERROR" : "INFO";
  const failure = pick(random, ["timeout", "refused", "reset", "not found", "conflict"]);
  const what =
    level === "ERROR"
      ? `OrderError: ${failure} while calling payment-${Math.floor(random() * 9)}\n    at pay (order.js:12:3)\n    at run (main.js:4:1)`
      : `GET /orders/${hex(random)} 200 ${Math.floor(random() * 900)}ms from ${address(random)}`;
  return `${level} request=${hex(random)}${hex(random)} ${what}`;
}

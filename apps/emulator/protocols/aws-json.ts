import { z } from "zod";
import { ServiceError } from "../service/errors";
import { header, type Protocol } from "../service/protocol";

const Body = z.record(z.string(), z.unknown());

/** https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html */
export const awsJson: Protocol = {
  read: ({ headers, body }) => {
    const operation = header(headers, "x-amz-target")?.split(".").at(-1);
    if (operation === undefined) throw new ServiceError("UnknownOperationException", "The request has no X-Amz-Target");
    return { operation, input: parse(body) };
  },
  answer: (_operation, output, requestId) => json(200, jsonOf(output), requestId),
  error: ({ code, message, status }, requestId) => json(status, { __type: code, message }, requestId),
};

function parse(body: Buffer): Readonly<Record<string, unknown>> {
  try {
    return body.length === 0 ? {} : Body.parse(JSON.parse(body.toString("utf8")));
  } catch (cause) {
    throw new ServiceError("SerializationException", "The request's body is not a JSON object", 400, {}, { cause });
  }
}

function json(status: number, body: unknown, requestId: string) {
  const headers = { "content-type": "application/x-amz-json-1.1", "x-amzn-requestid": requestId };
  return { status, headers, body: JSON.stringify(body) };
}

/** Timestamps are numbers of seconds in this protocol, and blobs are in Base64. */
function jsonOf(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / 1000;
  if (Buffer.isBuffer(value)) return value.toString("base64");
  if (Array.isArray(value)) return value.map(jsonOf);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, jsonOf(member)]));
}

import { ServiceError } from "../service/errors";
import type { Protocol } from "../service/protocol";

/** An operation's place: a method, and a path whose named groups are members of the input. */
export interface Route {
  readonly operation: string;
  readonly method: string;
  readonly path: RegExp;
}

/** https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html */
export function restJson(routes: readonly Route[]): Protocol {
  return {
    read: ({ method, path, query, body }) => {
      for (const { operation, path: pattern, ...route } of routes) {
        const found = route.method === method ? pattern.exec(path) : null;
        if (!found) continue;
        const named = Object.entries(found.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]);
        const members: unknown = body.length > 0 ? JSON.parse(body.toString("utf8")) : {};
        return {
          operation,
          input: { ...Object.fromEntries(query), ...Object(members), ...Object.fromEntries(named) },
        };
      }
      throw new ServiceError("UnknownOperationException", `${method} ${path} is not emulated`, 404);
    },
    answer: (_operation, output, requestId) => json(200, output, { "x-amzn-requestid": requestId }),
    error: ({ code, message, status }, requestId) =>
      json(status, { message }, { "x-amzn-requestid": requestId, "x-amzn-errortype": code }),
  };
}

function json(status: number, body: object, headers: Readonly<Record<string, string>>) {
  return { status, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) };
}

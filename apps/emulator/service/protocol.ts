import type { IncomingHttpHeaders } from "node:http";
import type { ServiceError } from "./errors";

/** A request as it came, with the whole body. */
export interface HttpRequest {
  readonly method: string;
  /** Not decoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

export interface ReadRequest {
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** How a service's requests and answers look on the wire. */
export interface Protocol {
  /** @throws {ServiceError} if the request is not one of this protocol */
  readonly read: (request: HttpRequest) => ReadRequest;
  readonly answer: (operation: string, output: object, requestId: string) => HttpAnswer;
  readonly error: (error: ServiceError, requestId: string) => HttpAnswer;
}

export function header(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

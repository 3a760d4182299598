import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { z } from "zod";
import { ConnectionDropped, type ServiceName } from "../services/calls";
import type { Cloud } from "../services/cloud";
import { ServiceError } from "../services/errors";
import { awsJson } from "./aws-json";
import { awsQuery } from "./aws-query";
import { credentialScope } from "./credential-scope";
import type { HttpAnswer, HttpRequest, Protocol } from "./protocol";
import { restS3 } from "./rest-s3";

export interface Endpoint {
  /** For AWS_ENDPOINT_URL: `http://127.0.0.1:<port>`. */
  readonly endpoint: string;
  close(): Promise<void>;
}

const protocols: Readonly<Record<ServiceName, Protocol>> = {
  logs: awsJson,
  organizations: awsJson,
  s3: restS3,
  sts: awsQuery,
};
const ServiceInScope = z.enum(["logs", "organizations", "s3", "sts"]);

/** Serves a cloud's services over HTTP on a free port of the loopback interface. */
export async function serve(cloud: Cloud): Promise<Endpoint> {
  let requests = 0;
  const server = createServer((incoming, response) => {
    const requestId = `request-${++requests}`;
    // SDKs correct their clocks by this header, but clocks in the emulator need not agree.
    response.sendDate = false;
    handle(cloud, incoming, requestId)
      .then((answer) => send(response, incoming, answer))
      .catch(() => incoming.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The emulator's server has no port");
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
}

/** @throws {ConnectionDropped} if there shall be no answer */
async function handle(cloud: Cloud, incoming: IncomingMessage, requestId: string): Promise<HttpAnswer> {
  const request = await readRequest(incoming);
  const scope = credentialScope(request);
  const service = ServiceInScope.safeParse(scope?.service).data;
  const protocol = service === undefined ? awsJson : protocols[service];
  try {
    if (scope === undefined) throw new ServiceError("MissingAuthenticationToken", "The request is not signed", 403);
    if (service === undefined) {
      throw new ServiceError("UnknownOperationException", `The service ${scope.service} is not emulated`);
    }
    const { operation, input } = protocol.read(request);
    const { accessKeyId, sessionToken, region } = scope;
    const identity = { accessKeyId, ...(sessionToken !== undefined && { sessionToken }) };
    const output = await cloud.invoke({ service, operation, region, identity, input });
    return protocol.answer(operation, output, requestId);
  } catch (error) {
    if (error instanceof ConnectionDropped) throw error;
    return protocol.error(asServiceError(error), requestId);
  }
}

/** A mistake of the emulator is an internal error of the service, with the reason in its message. */
function asServiceError(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new ServiceError("InternalFailure", `The emulator failed: ${reason}`, 500, {}, { cause: error });
}

async function readRequest(incoming: IncomingMessage): Promise<HttpRequest> {
  const [path = "/", query = ""] = (incoming.url ?? "/").split("?", 2);
  return {
    method: incoming.method ?? "GET",
    path,
    query: new URLSearchParams(query),
    headers: incoming.headers,
    body: await buffer(incoming),
  };
}

function send(response: ServerResponse, { method }: IncomingMessage, { status, headers, body }: HttpAnswer): void {
  // A HEAD request is answered with the length that GET would have, which the headers say already.
  const length = method === "HEAD" ? {} : { "content-length": String(Buffer.byteLength(body)) };
  response.writeHead(status, { ...headers, ...length });
  response.end(method === "HEAD" ? undefined : body);
}

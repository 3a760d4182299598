import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import type { Cloud } from "../cloud/cloud";
import { awsJson } from "../protocols/aws-json";
import { ConnectionDropped, isServiceName } from "../service/calls";
import { ServiceError } from "../service/errors";
import type { HttpAnswer, HttpRequest } from "../service/protocol";
import { credentialScope } from "./credential-scope";

/** Serves a cloud's services over HTTP on a free port of the loopback interface, once it is asked to. */
export class HttpServer {
  private readonly server = createServer((incoming, response) => this.serve(incoming, response));
  private listening: Promise<void> | undefined;
  private requests = 0;

  constructor(private readonly cloud: Cloud) {}

  /** Resolves to the endpoint: `http://127.0.0.1:<port>`. */
  async listen(): Promise<string> {
    this.listening ??= new Promise((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    await this.listening;
    const address = this.server.address();
    if (address === null || typeof address === "string") throw new Error("The emulator's server has no port");
    return `http://127.0.0.1:${address.port}`;
  }

  async close(): Promise<void> {
    if (!this.listening) return;
    await this.listening;
    this.listening = undefined;
    await new Promise<void>((resolve, reject) => {
      this.server.close((error) => (error === undefined ? resolve() : reject(error)));
      this.server.closeAllConnections();
    });
  }

  private serve(incoming: IncomingMessage, response: ServerResponse): void {
    const requestId = `request-${++this.requests}`;
    // SDKs correct their clocks by this header, but clocks in the emulator need not agree.
    response.sendDate = false;
    handle(this.cloud, incoming, requestId)
      .then((answer) => send(response, incoming, answer))
      .catch(() => incoming.socket.destroy());
  }
}

/** @throws {ConnectionDropped} if there shall be no answer */
async function handle(cloud: Cloud, incoming: IncomingMessage, requestId: string): Promise<HttpAnswer> {
  const request = await readRequest(incoming);
  const scope = credentialScope(request);
  const service = scope && isServiceName(scope.service) ? scope.service : undefined;
  const protocol = service === undefined ? awsJson : cloud.protocol(service);
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

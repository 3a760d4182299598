import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import type { Cloud } from "../cloud/cloud";
import type { HttpAnswer, HttpRequest } from "../service/protocol";
import { answer } from "./answer";

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
    readRequest(incoming)
      .then((request) => answer(this.cloud, request, requestId))
      .then((answered) => send(response, incoming, answered))
      .catch(() => incoming.socket.destroy());
  }
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

import http, { type IncomingHttpHeaders } from "node:http";
import { Readable, Writable } from "node:stream";
import type { HttpAnswer } from "../service/protocol";
import type { Exchange } from "../service/transport";

type Options = Pick<http.RequestOptions, "method" | "path" | "headers">;

/**
 * A `node:http` whose requests never reach a socket: as much of it as the SDK's HTTP handler uses.
 * @param onRequest called before each request; it may throw
 */
export function inProcessHttp(exchange: Exchange, onRequest: () => void): object {
  const request = (options: Options, onResponse?: (response: Response) => void) => {
    onRequest();
    const sent = new Request(options, exchange);
    return onResponse ? sent.once("response", onResponse) : sent;
  };
  return { ...http, request };
}

/** As `http.ClientRequest`: writable, then it emits `response`, or `error` if the connection breaks. */
class Request extends Writable {
  private readonly chunks: Buffer[] = [];

  constructor(
    private readonly options: Options,
    private readonly exchange: Exchange,
  ) {
    super({ autoDestroy: false });
    // The SDK announces large bodies, and sends one when it hears that it is wanted.
    if (lowerCased(options.headers).expect === "100-continue") process.nextTick(() => this.emit("continue"));
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.chunks.push(chunk);
    done();
  }

  override _final(done: () => void): void {
    done();
    const { method = "GET", headers } = this.options;
    const [path = "/", query = ""] = (this.options.path ?? "/").split("?", 2);
    const [only, ...more] = this.chunks;
    const body = only !== undefined && more.length === 0 ? only : Buffer.concat(this.chunks);
    const request = { method, path, query: new URLSearchParams(query), headers: lowerCased(headers), body };
    this.exchange(request).then(
      (answer) => this.respond(answer, method),
      (cause: unknown) => this.destroy(Object.assign(new Error("socket hang up", { cause }), { code: "ECONNRESET" })),
    );
  }

  private respond(answer: HttpAnswer, method: string): void {
    if (this.destroyed) return;
    const response = new Response(answer, method);
    response.once("close", () => this.destroy());
    this.emit("response", response);
  }
}

/** As `http.IncomingMessage`. */
class Response extends Readable {
  readonly statusCode: number;
  readonly statusMessage: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor({ status, headers, body }: HttpAnswer, method: string) {
    super({ read: () => {} });
    this.statusCode = status;
    this.statusMessage = http.STATUS_CODES[status] ?? "";
    const content = method === "HEAD" ? "" : body;
    // The headers of an answer to HEAD say the length that GET would have.
    this.headers = method === "HEAD" ? headers : { ...headers, "content-length": String(Buffer.byteLength(body)) };
    if (content.length > 0) this.push(typeof content === "string" ? Buffer.from(content) : content);
    this.push(null);
  }
}

function lowerCased(headers: Options["headers"]): IncomingHttpHeaders {
  const given = Object.entries(Array.isArray(headers) ? {} : (headers ?? {}));
  return Object.fromEntries(given.map(([name, value]) => [name.toLowerCase(), String(value)]));
}

import type { HttpAnswer, HttpRequest } from "./protocol";

/** How a function's requests reach the services. */
export interface Transport {
  /** For AWS_ENDPOINT_URL. */
  readonly endpoint: string;
  /**
   * Answers a request within this process, on the clock's time; without it, requests leave through a socket.
   * Rejects if the connection breaks.
   */
  readonly exchange?: Exchange;
}

export type Exchange = (request: HttpRequest) => Promise<HttpAnswer>;

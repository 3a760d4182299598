import { once } from "node:events";
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Stands between a command and a bucket, and keeps requests for some objects waiting until they are let go. */
export class HoldingRelay {
  private readonly server: Server;
  private readonly waiting: (() => void)[] = [];
  private isOpen = false;

  /**
   * @param endpoint of what answers
   * @param held what the path of a GET has that waits
   */
  constructor(endpoint: string, held: RegExp) {
    this.server = createServer((incoming, answer) => {
      const { method, url = "/", headers } = incoming;
      const pass = () => {
        const onward = request(new URL(url, endpoint), { method, headers, agent: false }, (answered) => {
          answer.writeHead(answered.statusCode ?? 500, answered.headers);
          answered.pipe(answer);
        });
        incoming.pipe(onward);
      };
      if (this.isOpen || method !== "GET" || !held.test(url)) pass();
      else this.waiting.push(pass);
    });
  }

  /** @returns the endpoint that it answers at */
  async listen(): Promise<string> {
    await once(this.server.listen(0, "127.0.0.1"), "listening");
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Lets go what waits, and all that comes. */
  letGo(): void {
    this.isOpen = true;
    for (const pass of this.waiting.splice(0)) pass();
  }

  close(): void {
    this.letGo();
    this.server.close();
    this.server.closeAllConnections();
  }
}

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { S3Store } from "../../../handlers/archive/s3-store";
import type { ObjectStream } from "../../../handlers/archive/store";
import { region } from "../support/examples";

/** S3's side of connections that break off in the middle of a body, which no emulator's fault does. */

const body = Buffer.from(Array.from({ length: 200_000 }, (_, index) => index % 251));
const requests: IncomingMessage["headers"][] = [];
const waits: number[] = [];
let answer: (response: ServerResponse, offset: number) => void;

const server = createServer((request, response) => {
  requests.push(request.headers);
  answer(response, Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0));
});
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  process.env.AWS_ENDPOINT_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  process.env.AWS_ACCESS_KEY_ID = "test";
  process.env.AWS_SECRET_ACCESS_KEY = "test";
});
afterAll(() => server.close());
beforeEach(() => {
  requests.length = 0;
  waits.length = 0;
});

/** Sends what is left from an offset on, and breaks off after some bytes. */
function send(response: ServerResponse, offset: number, until: number): void {
  const rest = body.subarray(offset);
  response.writeHead(offset === 0 ? 200 : 206, { "content-length": rest.length, etag: '"0123"' });
  response.write(rest.subarray(0, until - offset), () => (until < body.length ? response.destroy() : response.end()));
}

async function open(): Promise<ObjectStream> {
  const clock = {
    now: () => 0,
    sleep: async (milliseconds: number) => {
      waits.push(milliseconds);
    },
  };
  const source = { clock, random: () => 0.5 };
  const store = new S3Store({ bucket: "bucket", region, source, environment: process.env });
  const stream = await store.stream("object");
  if (!stream) throw new Error("The object is there");
  return stream;
}

async function read(): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of (await open()).bytes) pieces.push(piece);
  return Buffer.concat(pieces);
}

it("goes on where a connection broke off, with the same version, and gives no byte twice", async () => {
  answer = (response, offset) => send(response, offset, Math.min(body.length, offset + 70_000));
  expect((await read()).equals(body)).toBe(true);
  expect(requests.map((headers) => headers.range)).toEqual([undefined, "bytes=70000-", "bytes=140000-"]);
  expect(requests.map((headers) => headers["if-match"])).toEqual([undefined, '"0123"', '"0123"']);
  expect(waits).toHaveLength(2);
});

it("gives up where every connection breaks off at the same byte", async () => {
  answer = (response, offset) => send(response, offset, Math.max(offset, 50_000));
  await expect(read()).rejects.toThrow();
  expect(requests.length).toBeGreaterThan(8);
});

it("does not go on with another version than the one that it began with", async () => {
  answer = (response, offset) =>
    offset === 0
      ? send(response, 0, 70_000)
      : response.writeHead(412).end("<Error><Code>PreconditionFailed</Code></Error>");
  await expect(read()).rejects.toMatchObject({ name: "PreconditionFailed" });
});

it("lets go of the connection of a stream that is left", async () => {
  const closed = new Promise<void>((resolve) => {
    answer = (response, offset) => {
      response.on("close", () => resolve());
      response.writeHead(200, { "content-length": body.length });
      response.write(body.subarray(offset, 70_000));
    };
  });
  for await (const piece of (await open()).bytes) {
    expect(piece.length).toBeGreaterThan(0);
    break;
  }
  await closed;
});

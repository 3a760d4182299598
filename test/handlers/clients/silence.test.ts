import { createServer, type Server } from "node:http";
import { readText } from "../../../handlers/archive/store";
import { ExportSlot, OutcomeUnknown } from "../../../handlers/clients/export-slot";
import { closeAll, emulate } from "../support/emulated";
import { account, region } from "../support/examples";
import { bucket } from "../support/organisation";

/** A service whose connection stands and says nothing. */

let server: Server;
let requests = 0;
let asked: () => void = () => {};

beforeEach(() => {
  requests = 0;
  jest.useFakeTimers({ doNotFake: ["Date", "hrtime", "nextTick", "performance", "queueMicrotask", "setImmediate"] });
});
afterEach(async () => {
  jest.useRealTimers();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await closeAll();
});

/** Answers all but the first request, with the text. */
async function silentAtFirst(text: string): Promise<void> {
  server = createServer((_, response) => {
    requests += 1;
    if (requests > 1) response.end(text);
    asked();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  process.env.AWS_ENDPOINT_URL = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
}

/** Lets the time pass that a request may take, once it has arrived. */
async function waitInVain(): Promise<void> {
  await new Promise<void>((resolve) => {
    asked = resolve;
  });
  await jest.advanceTimersByTimeAsync(30_000);
}

it("is asked again after half a minute", async () => {
  const emulated = await emulate();
  await silentAtFirst("the record");
  const answer = readText(emulated.store(), "runs/a/plan.json");
  await waitInVain();
  expect(await answer).toBe("the record");
  expect(requests).toBe(2);
});

it("may have created the export task: the outcome is unknown, and it is not asked twice", async () => {
  const emulated = await emulate();
  await silentAtFirst("{}");
  const slot = new ExportSlot(region, emulated.credentials(account), emulated.source);
  const window = { from: 0, to: 1 };
  const created = slot.create({ taskName: "t", logGroup: "/a", ...window, bucket, destinationPrefix: "p" });
  const refused = expect(created).rejects.toThrow(OutcomeUnknown);
  await waitInVain();
  await refused;
  expect(requests).toBe(1);
});

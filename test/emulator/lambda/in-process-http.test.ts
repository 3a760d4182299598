import type http from "node:http";
import { inProcessHttp } from "../../../apps/emulator/lambda/in-process-http";

const { request } = inProcessHttp(
  async () => ({ status: 200, headers: {}, body: "" }),
  () => {},
) as Pick<typeof http, "request">;

test.each([
  ["is announced is asked for, because the SDK keeps a large one back until it is", { Expect: "100-continue" }, 1],
  ["is not announced is not", {}, 0],
])("a body that %s", async (_, headers, times) => {
  const asked = jest.fn();
  request({ method: "PUT", path: "/bucket/key", headers }).on("continue", asked);
  await new Promise(setImmediate);
  expect(asked).toHaveBeenCalledTimes(times);
});

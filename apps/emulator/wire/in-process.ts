import type { Cloud } from "../cloud/cloud";
import type { Transport } from "../service/transport";
import type { VirtualClock } from "../world/clock";
import type { Latencies } from "../world/latencies";
import { answer } from "./answer";
import { credentialScope } from "./credential-scope";

/** Requests that need no socket. Their address is an IP address, so that S3's buckets are in the path. */
export function inProcess(cloud: Cloud, clock: VirtualClock, { api, s3 }: Latencies): Transport {
  let requests = 0;
  return {
    endpoint: "http://127.0.0.1",
    exchange: async (request) => {
      const requestId = `request-${++requests}`;
      const latency = (credentialScope(request)?.service === "s3" ? s3 : api) ?? 0;
      await clock.pause(latency / 2);
      const end = clock.request();
      const answered = await answer(cloud, request, requestId).finally(end);
      await clock.pause(latency / 2);
      return answered;
    },
  };
}

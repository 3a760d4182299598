import { iso, type LoggedActivity, oneLine, privateAddress } from "./content";

const two = (value: number) => String(value).padStart(2, "0");

/** klog's header: `I1121 09:15:02.123456       1 file.go:120] `. */
function header(level: string, at: number, source: string): string {
  const time = iso(at);
  return `${level}${time.slice(5, 7)}${time.slice(8, 10)} ${time.slice(11, 23)}000      10 ${source}] `;
}

/** Lines of the scheduler and the controller manager. https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html */
export const controlPlaneLine = oneLine((random, at) => {
  const pod = `shop/cart-${random.hex(9)}-${random.hex(5)}`;
  return random.pick([
    header("I", at, "schedule_one.go:314") +
      `"Successfully bound pod to node" pod="${pod}" node="ip-10-0-${random.int(0, 255)}-${two(random.int(4, 99))}.internal" evaluatedNodes=${random.int(3, 30)}`,
    header("I", at, "replica_set.go:676") +
      `"Finished syncing" logger="replicaset-controller" kind="ReplicaSet" key="${pod}" duration="${random.int(20, 900)}µs"`,
    `${header("W", at, "reflector.go:561")}watch of *v1.ConfigMap ended with: too old resource version`,
    header("E", at, "leaderelection.go:429") +
      `Failed to update lock: etcdserver: request timed out, took ${random.int(5, 9)}s`,
  ]);
});

/** Audit records of the API server. */
export const auditRecord: LoggedActivity = oneLine((random, at) =>
  JSON.stringify({
    kind: "Event",
    apiVersion: "audit.k8s.io/v1",
    level: "Metadata",
    auditID: random.uuid(),
    stage: "ResponseComplete",
    requestURI: random.pick(["/apis/apps/v1/deployments?watch=true", "/api/v1/namespaces/shop/pods", "/healthz"]),
    verb: random.pick(["get", "list", "watch", "update"]),
    user: { username: random.pick(["system:kube-scheduler", "system:serviceaccount:shop:cart", "eks:node-manager"]) },
    sourceIPs: [privateAddress(random)],
    responseStatus: { metadata: {}, code: random.pick([200, 200, 200, 201, 403]) },
    requestReceivedTimestamp: iso(at).replace("Z", "000Z"),
  }),
);

import type { Random } from "../random";
import { iso, oneLine, publicAddress } from "./content";

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `21/Nov/2026:09:15:02 +0000` */
function accessTime(at: number): string {
  const time = iso(at);
  return `${time.slice(8, 10)}/${months[Number(time.slice(5, 7)) - 1]}/${time.slice(0, 4)}:${time.slice(11, 19)} +0000`;
}

function request(random: Random): string {
  const path = random.pick([
    "/",
    "/login",
    "/api/v2/orders",
    "/api/v2/orders/%E6%B3%A8%E6%96%87?page=2",
    "/static/app.css",
    "/healthz",
  ]);
  return `${random.pick(["GET", "GET", "GET", "POST", "HEAD"])} ${path} HTTP/1.1`;
}

const status = (random: Random) => random.pick([200, 200, 200, 200, 301, 304, 404, 403, 500]);

/** nginx's combined log format. */
export const nginxLine = oneLine(
  (random, at) =>
    `${publicAddress(random)} - ${random.chance(10) ? "alice" : "-"} [${accessTime(at)}] "${request(random)}" ${status(random)} ${random.int(0, 90_000)} "${random.pick(["-", "https://www.example.com/"])}" "${random.pick(["Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "curl/8.14.1", "kube-probe/1.33"])}"`,
);

/** Apache's common log format. */
export const apacheLine = oneLine(
  (random, at) =>
    `${publicAddress(random)} - ${random.chance(20) ? "intranet\\bob" : "-"} [${accessTime(at)}] "${request(random)}" ${status(random)} ${random.int(0, 40_000)}`,
);

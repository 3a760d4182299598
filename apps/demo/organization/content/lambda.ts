import type { Random } from "../random";
import { iso, type LoggedActivity } from "./content";

const lines: readonly [(random: Random) => string, ...((random: Random) => string)[]] = [
  (random) => `INFO\tprocessed ${random.int(1, 50)} records in ${random.int(1, 900)} ms`,
  (random) => `INFO\torder ${random.hex(8)} accepted, total ${random.int(1, 900)}.${random.digits(2)} EUR`,
  (random) => `WARN\tretrying after ${random.int(50, 2_000)} ms: ThrottlingException: Rate exceeded`,
  (random) =>
    `ERROR\tno stock for item ${random.hex(6)}\n    at reserve (/var/task/index.js:${random.int(10, 400)}:17)\n    at process.processTicksAndRejections (node:internal/process/task_queues:105:5)`,
  (random) => `DEBUG\tcache ${random.pick(["hit", "miss"])} for key session:${random.uuid()}`,
];

/** One invocation. Every line ends with a newline, as Lambda writes them. */
export const lambdaInvocation: LoggedActivity = (random, at) => {
  const request = random.uuid();
  const duration = random.int(3, 4_000);
  const memory = random.pick([128, 256, 512, 1024]);
  const inside = Array.from({ length: random.int(0, 4) }, () => at + random.int(0, duration)).sort((a, b) => a - b);
  const init = random.chance(10) ? `\tInit Duration: ${random.int(120, 900)}.${random.digits(2)} ms\t` : "\t";
  return [
    { timestamp: at, message: `START RequestId: ${request} Version: $LATEST\n` },
    ...inside.map((timestamp) => ({
      timestamp,
      message: `${iso(timestamp)}\t${request}\t${random.pick(lines)(random)}\n`,
    })),
    { timestamp: at + duration, message: `END RequestId: ${request}\n` },
    {
      timestamp: at + duration,
      message: `REPORT RequestId: ${request}\tDuration: ${duration}.${random.digits(2)} ms\tBilled Duration: ${duration + 1} ms\tMemory Size: ${memory} MB\tMax Memory Used: ${random.int(60, memory)} MB${init}\n`,
    },
  ];
};

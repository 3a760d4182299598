import { randomBytes } from "node:crypto";
import logUpdate from "log-update";
import type { Configuration } from "../../../constructs/configuration";
import { partitionOf } from "../../../constructs/configuration/regions";
import { stateMachineName } from "../../../constructs/names";
import { archiveBucketName } from "../../../handlers/archive/layout";
import { S3Store } from "../../../handlers/archive/s3-store";
import { Executions } from "../../../handlers/clients/executions";
import type { Clock } from "../../../handlers/clock";
import type { RunRequest } from "../../../handlers/contract/messages";
import { coloursFor } from "../../terminal/colours";
import { nextCommand } from "../../terminal/next-command";
import { printableJsonLine } from "../../terminal/printable";
import { plainWidth, write } from "../output";
import { followRuns, type Look, type RunPorts } from "./follow";
import { lookText } from "./text";

/** How a Region's runs are started and followed, by the environment's credentials. */
export function portsOf({ logArchiveAccount }: Configuration, region: string, clock: Clock): RunPorts {
  const source = { clock, random: Math.random };
  const stateMachine = `arn:${partitionOf(region)}:states:${region}:${logArchiveAccount}:stateMachine:${stateMachineName}`;
  const bucket = archiveBucketName(logArchiveAccount, region);
  return {
    region,
    clock,
    executions: new Executions(region, stateMachine, source),
    archive: new S3Store({ bucket, region, source, environment: process.env }),
    newRunId: () =>
      `by-hand-${new Date(clock.now()).toISOString().slice(0, 19).replaceAll(":", "")}-${randomBytes(3).toString("hex")}`,
  };
}

/** What is to be run in a Region. */
export interface RegionWork {
  readonly ports: RunPorts;
  readonly pieces: readonly RunRequest[];
}

/** Follows the runs of all Regions next to each other: in place on a terminal, in plain lines in a pipe. @returns how each ended */
export async function followAll(work: readonly RegionWork[], json: boolean): Promise<Look[]> {
  const remind = (code: number) => {
    if (code === 130)
      process.stderr.write(
        `The runs that were started go on. To see them: ${nextCommand({ bucket: work.map(({ ports }) => ports.archive.bucket) })("status")}\n`,
      );
  };
  process.once("exit", remind);
  const shown = new Map<string, string>();
  const show = async (look: Look, bucket: string) => {
    if (json) return write(process.stdout, printableJsonLine(look));
    const text = lookText(
      look,
      process.stdout.columns ?? plainWidth,
      coloursFor(process.stdout),
      nextCommand({ bucket: [bucket] }),
    );
    if (shown.get(look.region) === text) return;
    shown.set(look.region, text);
    if (process.stdout.isTTY) logUpdate([...shown.values()].join("\n").trimEnd());
    else await write(process.stdout, text);
  };
  const ended = await Promise.all(
    work.map(({ pieces, ports }) => followRuns(pieces, ports, (look) => show(look, ports.archive.bucket))),
  );
  process.off("exit", remind);
  return ended.flat();
}

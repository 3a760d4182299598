import { notSealedKey, sealingStepsPrefix } from "../archive/layout";
import { CoverageLine } from "../archive/records";
import { parseLines, toLines } from "../archive/serialization";
import { type ArchiveStore, readText } from "../archive/store";
import { reason } from "../contract/reasons";

/** What a step finds that cannot be sealed: each thing once, however often it is met. */
export class NotSealed {
  private readonly lines = new Map<string, CoverageLine>();

  constructor(private readonly item: Pick<CoverageLine, "account" | "region" | "runId">) {}

  add(day: string, logGroup: string | null, detail: string, at: string): void {
    const { account, region, runId } = this.item;
    const why = reason("not-sealed", detail);
    this.put({ account, region, logGroup, day, outcome: "failed", reason: why, runId, at });
  }

  all(): CoverageLine[] {
    return [...this.lines.values()];
  }

  /** Leaves what was found to the step that ends the sealing. */
  async write(archive: ArchiveStore, step: number, requestId: string): Promise<void> {
    const { account, runId } = this.item;
    if (this.lines.size > 0)
      await archive.putOnce(notSealedKey(runId, account, step, requestId), toLines(this.all()), "application/x-ndjson");
  }

  /** Adds what earlier steps have found. */
  async readSteps(archive: ArchiveStore): Promise<void> {
    for await (const { key } of archive.list(sealingStepsPrefix(this.item.runId, this.item.account)))
      if (!key.endsWith(".part.json"))
        for (const line of parseLines(CoverageLine, key, (await readText(archive, key)) ?? "")) this.put(line);
  }

  private put(line: CoverageLine): void {
    this.lines.set(`${line.day} ${line.logGroup ?? ""} ${line.reason}`, line);
  }
}

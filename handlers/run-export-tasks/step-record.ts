import { itemsOf } from "../archive/items";
import { outcomesKey, outcomesOfStep } from "../archive/layout";
import { CoverageLine, type Plan } from "../archive/records";
import { parseLines, toLines } from "../archive/serialization";
import { type ArchiveReader, type ArchiveStore, readText } from "../archive/store";

/** Lines that are held before they are written: an account may have hundreds of thousands. */
const mostLines = 2_000;

/** Which step this is, also when another invocation repeats it. */
export interface StepId {
  readonly runId: string;
  readonly account: string;
  readonly step: number;
}

/** What a step finds out about its items, on its way into `runs/<run id>/outcomes/`. */
export class StepRecord {
  private lines: CoverageLine[] = [];
  private parts = 0;

  constructor(
    private readonly id: StepId & { readonly requestId: string },
    private readonly archive: ArchiveStore,
  ) {}

  add(line: CoverageLine): void {
    this.lines.push(line);
  }

  /** Whether it is time to write. */
  get isFull(): boolean {
    return this.lines.length >= mostLines;
  }

  /** Writes what has been added since the last time; nothing, if that is nothing. */
  async write(): Promise<void> {
    if (this.lines.length === 0) return;
    const { runId, account, step, requestId } = this.id;
    const part = this.parts === 0 ? requestId : `${requestId}.${this.parts}`;
    await this.archive.putOnce(outcomesKey(runId, account, step, part), toLines(this.lines), "application/x-ndjson");
    this.parts += 1;
    this.lines = [];
  }
}

/** The export tasks that attempts at this very step have named before they died, by the index of their items. */
export async function begunByAttempts(
  { runId, account, step }: StepId,
  plan: Plan,
  archive: ArchiveReader,
): Promise<{ index: number; taskId: string }[]> {
  const open: CoverageLine[] = [];
  for await (const { key } of archive.list(outcomesOfStep(runId, account, step)))
    for (const line of parseLines(CoverageLine, key, (await readText(archive, key)) ?? ""))
      if (line.openTaskIds) open.push(line);
  return open.flatMap(({ day, logGroup, openTaskIds = [] }) => {
    const [item] = [...itemsOf(plan)].filter((each) => each.group.name === logGroup && each.day.day === day);
    return item ? openTaskIds.map((taskId) => ({ index: item.index, taskId })) : [];
  });
}

import type { Json } from "@duckdb/node-api";
import type { ArchiveDatabase, Question } from "../../query/archive-database";
import { toJson } from "../../query/values";
import type { Span } from "../basis/spans";
import { contextQuestion, hitColumns, hitsQuestion, type Search, type StreamDay } from "./question";

/** A row of a search: an event with its columns by their names; with context, also `block` and `hit`. */
export type HitRow = Readonly<Record<string, Json>>;

/** How many hits a log group of an account in a Region has. */
export interface HitCount {
  readonly account: string;
  readonly account_name: string | null;
  readonly region: string;
  readonly log_group: string;
  hits: number;
}

/** Log streams' days that are read together for what is around their hits. */
const streamsAtATime = 200;

/** Looks for events, the newest days first, and counts what it finds. */
export class HitSearch {
  private readonly found = new Map<string, HitCount>();
  private blocks = 0;
  private looked: Span | undefined;
  private chunksLooked = 0;

  /** @param onChunk told which days are looked at next, and how many hits there are so far */
  constructor(
    private readonly database: Pick<ArchiveDatabase, "ask">,
    private readonly search: Search,
    private readonly chunks: readonly Span[],
    private readonly onChunk: (days: Span, hits: number) => void,
  ) {}

  /** The newest so many hits, the newest first. No day is begun once there are as many; all hits of those that were are counted. */
  async *hits(limit = Number.POSITIVE_INFINITY): AsyncGenerator<HitRow[]> {
    let left = limit;
    for (const chunk of this.chunks) {
      if (left <= 0) return;
      for await (const rows of this.hitsOf(chunk)) {
        if (left > 0) yield rows.slice(0, left);
        left -= rows.length;
      }
    }
  }

  /** The days of which all hits are counted; absent: there are none yet. */
  daysLooked(): Span | undefined {
    return this.looked;
  }

  hasLookedEverywhere(): boolean {
    return this.chunksLooked === this.chunks.length;
  }

  /** Hits with what is around them: of the newest so many hits, in whole blocks. All hits are counted. */
  async *blocksOf(around: number, limit: number): AsyncGenerator<HitRow[]> {
    let left = limit;
    for (const chunk of this.chunks) {
      const streams = new Map<string, StreamDay>();
      let located = 0;
      for await (const rows of this.hitsOf(chunk))
        for (const row of rows.slice(0, Math.max(0, left - located))) {
          located += 1;
          const of = streamOf(row);
          streams.set(JSON.stringify(of), of);
        }
      let block: Json = null;
      for await (const rows of this.around([...streams.values()], around)) {
        const wanted: HitRow[] = [];
        for (const row of rows) {
          if (row.block !== block && left <= 0) break;
          block = row.block ?? null;
          if (row.hit === true) left -= 1;
          wanted.push(row);
        }
        yield wanted;
        if (wanted.length < rows.length) break;
      }
    }
  }

  /** By account, Region and log group, the most hits first. */
  counts(): HitCount[] {
    return [...this.found.values()].sort((a, b) => b.hits - a.hits || (idOf(a) < idOf(b) ? -1 : 1));
  }

  private async *hitsOf(chunk: Span): AsyncGenerator<HitRow[]> {
    this.onChunk(chunk, this.total());
    for await (const rows of this.rows(hitsQuestion(this.search, chunk))) {
      for (const row of rows) this.count(row);
      yield rows;
    }
    this.looked = { from: chunk.from, to: this.looked?.to ?? chunk.to };
    this.chunksLooked += 1;
  }

  private async *around(streams: readonly StreamDay[], around: number): AsyncGenerator<HitRow[]> {
    for (let at = 0; at < streams.length; at += streamsAtATime) {
      const before = this.blocks;
      for await (const rows of this.rows(contextQuestion(this.search, streams.slice(at, at + streamsAtATime), around)))
        yield rows.map((row) => {
          this.blocks = before + Number(row.block);
          return { ...row, block: this.blocks };
        });
    }
  }

  private async *rows(question: Question): AsyncGenerator<HitRow[]> {
    const { columns, batches } = await this.database.ask(question);
    for await (const batch of batches)
      yield batch.map((row) =>
        Object.fromEntries(columns.map((column, index): [string, Json] => [column, toJson(row[index] ?? null)])),
      );
  }

  private total(): number {
    return [...this.found.values()].reduce((sum, { hits }) => sum + hits, 0);
  }

  private count(row: HitRow): void {
    const [account, region, log_group] = [row.account, row.region, row.log_group].map(String);
    const count: HitCount = {
      ...{ account: account ?? "", region: region ?? "", log_group: log_group ?? "", hits: 0 },
      account_name: typeof row.account_name === "string" ? row.account_name : null,
    };
    const known = this.found.get(idOf(count));
    if (known) known.hits += 1;
    else this.found.set(idOf(count), { ...count, hits: 1 });
  }
}

/** A row's values in the order of columns. */
export function valuesOf(row: HitRow, columns: readonly string[] = hitColumns): Json[] {
  return columns.map((column) => row[column] ?? null);
}

function streamOf({ day, region, account, log_group, log_stream }: HitRow): StreamDay {
  return {
    ...{ day: String(day), region: String(region), account: String(account) },
    ...{ logGroup: String(log_group), logStream: String(log_stream) },
  };
}

function idOf({ account, region, log_group }: HitCount): string {
  return `${account} ${region} ${log_group}`;
}

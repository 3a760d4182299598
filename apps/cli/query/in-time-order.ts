import { DuckDBTimestampTZValue, DuckDBTimestampValue, type DuckDBValue } from "@duckdb/node-api";
import type { Answer } from "../../query/archive-database";

type Row = readonly DuckDBValue[];

/** What waits for its order: beyond either, rows come as they are found, so that a huge answer needs no room. */
export interface Room {
  readonly rows: number;
  /** Characters of texts. */
  readonly characters: number;
}

export const roomToOrder: Room = { rows: 200_000, characters: 50_000_000 };

/** The columns that say when a row was, the best first. */
const timeColumns = ["ts", "day"];

/**
 * The rows of a statement without ORDER BY in the order of time, those of the same time as they were found, those without one last;
 * as they are where they have no time, or are too many.
 * @param onTooMany told before the first row where they are too many
 */
export function inTimeOrder(answer: Answer, room: Room, onTooMany: () => void): Answer {
  const column = timeColumns.find((name) => answer.columns.includes(name));
  if (answer.isOrdered || column === undefined) return answer;
  const at = answer.columns.indexOf(column);
  async function* batches(): AsyncGenerator<readonly Row[]> {
    let held: Row[] | undefined = [];
    let characters = 0;
    for await (const rows of answer.batches) {
      if (!held) {
        yield rows;
        continue;
      }
      for (const row of rows) {
        held.push(row);
        characters += charactersOf(row);
      }
      if (held.length <= room.rows && characters <= room.characters) continue;
      onTooMany();
      yield held;
      held = undefined;
    }
    if (held && held.length > 0) yield held.sort((a, b) => compareTimes(a[at], b[at]));
  }
  return { ...answer, isOrdered: true, batches: batches() };
}

function charactersOf(row: Row): number {
  return row.reduce<number>((sum, value) => sum + (typeof value === "string" ? value.length : 0), 0);
}

function compareTimes(one: DuckDBValue | undefined, other: DuckDBValue | undefined): number {
  const [a, b] = [timeOf(one), timeOf(other)];
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What sorts as the time does. */
function timeOf(value: DuckDBValue | undefined): bigint | string | undefined {
  if (value instanceof DuckDBTimestampValue || value instanceof DuckDBTimestampTZValue) return value.micros;
  return typeof value === "string" ? value : undefined;
}

import { type DuckDBDataChunk, DuckDBTableFunction, type DuckDBType, type DuckDBValue } from "@duckdb/node-api";

/** DuckDB takes no more rows at a time. */
export const chunkRows = 2048;
/** Events of a megabyte come in smaller chunks: bytes, or characters. */
export const chunkText = 4 * 1024 ** 2;

export type Row = readonly DuckDBValue[];

/** What a table function reads from, a chunk at a time. */
export interface Filler {
  /**
   * Writes the next rows, none after the last.
   * @param columns those that are asked for, by their indices, in the chunk's order.
   */
  fill(chunk: DuckDBDataChunk, columns: readonly number[]): void;
}

/**
 * Makes what fills chunks a table function of DuckDB, which asks for rows as it needs them: nothing is held but a chunk.
 * @param open Called at the start of every scan.
 * @param failed Told the error of a scan, of which DuckDB passes on only the message.
 */
export function tableFunction(
  name: string,
  resultColumns: readonly { readonly name: string; readonly type: DuckDBType }[],
  open: () => Filler,
  failed: (error: unknown) => void,
): DuckDBTableFunction {
  return DuckDBTableFunction.create({
    name,
    supportsProjectionPushdown: true,
    bindFunction: (bind) => {
      for (const column of resultColumns) bind.addResultColumn(column.name, column.type);
    },
    initFunction: (init) => {
      init.setMaxThreads(1);
      try {
        init.setInitData(new Scan(open(), init.getColumnIndexes()));
      } catch (error) {
        failed(error);
        init.setError(error instanceof Error ? error.message : String(error));
      }
    },
    mainFunction: (info, chunk) => {
      try {
        if (!(info.initData instanceof Scan)) throw new TypeError("A scan has begun without its rows");
        info.initData.filler.fill(chunk, info.initData.columns);
      } catch (error) {
        failed(error);
        info.setError(error instanceof Error ? error.message : String(error));
      }
    },
  });
}

class Scan {
  constructor(
    readonly filler: Filler,
    readonly columns: readonly number[],
  ) {}
}

/** Fills chunks with a generator's rows, a value at a time. */
export function rowFiller(rows: Iterator<Row>): Filler {
  return {
    fill: (chunk, columns) => {
      const values = columns.map((): DuckDBValue[] => []);
      let text = 0;
      let count = 0;
      while (count < chunkRows && text < chunkText) {
        const next = rows.next();
        if (next.done) break;
        columns.forEach((column, index) => {
          const value = next.value[column] ?? null;
          values[index]?.push(value);
          if (typeof value === "string") text += value.length;
        });
        count += 1;
      }
      chunk.rowCount = count;
      if (count > 0) for (const [index, ofColumn] of values.entries()) chunk.setColumnValues(index, ofColumn);
    },
  };
}

import { type DuckDBDataChunk, DuckDBTableFunction, type DuckDBValue } from "@duckdb/node-api";
import type { Row, ScanDefinition } from "./scans";

/** DuckDB takes no more rows at a time. */
const chunkRows = 2048;
/** Events of a megabyte come in smaller chunks: characters. */
const chunkText = 4 * 1024 ** 2;

/**
 * Makes a generator of rows a table function of DuckDB, which asks for rows as it needs them: nothing is held but a chunk.
 * @param rows Called at the start of every scan.
 * @param failed Told the error of a scan, of which DuckDB passes on only the message.
 */
export function tableFunction(
  name: string,
  columns: ScanDefinition["columns"],
  rows: () => Generator<Row>,
  failed: (error: unknown) => void,
): DuckDBTableFunction {
  return DuckDBTableFunction.create({
    name,
    bindFunction: (bind) => {
      for (const column of columns) bind.addResultColumn(column.name, column.type);
    },
    initFunction: (init) => {
      init.setMaxThreads(1);
      try {
        init.setInitData({ rows: rows() });
      } catch (error) {
        failed(error);
        init.setError(error instanceof Error ? error.message : String(error));
      }
    },
    mainFunction: (info, chunk) => {
      try {
        fill(chunk, columns.length, scanOf(info.initData));
      } catch (error) {
        failed(error);
        info.setError(error instanceof Error ? error.message : String(error));
      }
    },
  });
}

function scanOf(initData: object | undefined): Iterator<Row> {
  if (initData && "rows" in initData) return initData.rows as Iterator<Row>;
  throw new TypeError("A scan has begun without its rows");
}

function fill(chunk: DuckDBDataChunk, width: number, rows: Iterator<Row>): void {
  const columns = Array.from({ length: width }, (): DuckDBValue[] => []);
  let text = 0;
  let count = 0;
  while (count < chunkRows && text < chunkText) {
    const next = rows.next();
    if (next.done) break;
    next.value.forEach((value, index) => {
      columns[index]?.push(value);
      if (typeof value === "string") text += value.length;
    });
    count += 1;
  }
  if (count === 0) chunk.rowCount = 0;
  else chunk.setColumns(columns);
}

import { DuckDBScalarFunction, type DuckDBType, type DuckDBValue, VARCHAR } from "@duckdb/node-api";

/**
 * Makes a function of texts one of SQL. A NULL among what it is given makes NULL.
 * @param failed Told the error of a call, of which DuckDB passes on only the message.
 */
export function textFunction(
  name: string,
  parameters: number,
  returnType: DuckDBType,
  value: (...texts: readonly string[]) => DuckDBValue,
  failed: (error: unknown) => void,
): DuckDBScalarFunction {
  return DuckDBScalarFunction.create({
    name,
    parameterTypes: Array.from({ length: parameters }, () => VARCHAR),
    returnType,
    specialHandling: true,
    mainFunction: (info, input, output) => {
      try {
        const columns = Array.from({ length: parameters }, (_, column) => input.getColumnValues(column));
        for (let row = 0; row < input.rowCount; row += 1) {
          const texts = columns.flatMap((values) => textOf(values[row]));
          output.setItem(row, texts.length === parameters ? value(...texts) : null);
        }
        output.flush();
      } catch (error) {
        failed(error);
        info.setError(error instanceof Error ? error.message : String(error));
      }
    },
  });
}

function textOf(value: DuckDBValue | undefined): string | [] {
  return typeof value === "string" ? value : [];
}

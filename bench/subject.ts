import Table from "cli-table3";

/** What `npm run bench` may be told. */
export interface Options {
  /** The size of the archive that is asked, of those subjects that make one of any size. */
  readonly megabytes?: number;
}

/** What one part of `npm run bench` has to say. */
export interface Subject {
  /** As it is named on the command line. */
  readonly name: string;
  /** Measures; what it returns goes into `bench/results.json` as it is, and its tables are printed. */
  readonly measure: (options: Options) => Promise<Measured> | Measured;
}

export interface Measured {
  readonly results: Readonly<Record<string, unknown>>;
  readonly tables: readonly string[];
}

/** A plain table; every column but the first holds numbers. */
export function tableOf(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const numbers = Array<"right">(head.length - 1).fill("right");
  const table = new Table({ head: [...head], colAligns: ["left", ...numbers], style: { head: [], border: [] } });
  for (const row of rows) table.push([...row]);
  return table.toString();
}

/** Says what is being measured, where it does not get into a table. */
export function progress(text: string): void {
  process.stderr.write(`${text} ...\n`);
}

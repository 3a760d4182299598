import { table } from "../apps/terminal/table";

/** What `npm run bench` may be told. */
export interface Options {
  /** The size of the archive that is asked, of those subjects that make one of any size. */
  readonly megabytes?: number;
  /** The size of the organisation that operators ask about. */
  readonly accounts?: number;
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
  const texts = [head, ...rows].map((row) => row.map(String));
  const widths = head.map((_, column) => Math.max(...texts.map((row) => row[column]?.length ?? 0)));
  const [aligned = [], ...others] = texts.map((row) =>
    row.map((text, column) => (column === 0 ? text : text.padStart(widths[column] ?? 0))),
  );
  return table(aligned, others);
}

/** Says what is being measured, where it does not get into a table. */
export function progress(text: string): void {
  process.stderr.write(`${text} ...\n`);
}

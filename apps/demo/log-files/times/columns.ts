import { rankOf, timeOfFields } from "./fields";
import type { StatedTime } from "./stated-time";

/** The columns that have something to say of a line's time. */
interface Layout {
  readonly columns: readonly { readonly index: number; readonly name: string }[];
  /** How many columns there are: a line with another number of values is none of the table's. */
  readonly width: number;
  /** Between the values; a tab goes before. */
  readonly separator: string;
}

const isOfFlowLog = /^(?=.*(?<!\S)start(?!\S))(?=.*(?<!\S)end(?!\S))[a-z][a-z-]*(?: [a-z][a-z-]*)+$/;
const nameOfColumn = /^\s*"?[A-Za-z_@$][\w @.$()/-]*"?\s*$/;

/**
 * A table's columns by the line that names them: `#Fields:` of W3C logs (IIS, CloudFront) and `#fields` of Zeek, the first line of
 * an AWS flow log, the first line of values with commas, semicolons or tabs between them.
 */
export class Columns {
  private layout: Layout | undefined;
  /** Of lines that have only a time of day: W3C's logs state it in a line of their own. */
  private date = "";

  /** Takes notice of a line that names columns. */
  learn(line: string, isFirst: boolean): void {
    this.date = /^#date: (\d{4}-\d\d-\d\d)/i.exec(line)?.[1] ?? this.date;
    const fields = /^#fields:?\s+(.+)$/i.exec(line)?.[1];
    if (fields) this.layout = layoutOf(fields.split(/[\s,]+/), fields.includes(",") ? "," : " ");
    else if (isOfFlowLog.test(line)) this.layout = layoutOf(line.split(" "), " ");
    else if (isFirst) this.layout = tableOf(line);
  }

  /** Whether `learn` might have something to learn from a line that is not the first. */
  static mayName(line: string): boolean {
    return line.startsWith("#") || line.startsWith("version ");
  }

  /** The time that the line's values state. */
  timeOf(line: string): StatedTime | undefined {
    if (!this.layout || line.startsWith("#")) return undefined;
    const { columns, width, separator } = this.layout;
    const values = split(line, line.includes("\t") ? "\t" : separator);
    if (values.length !== width) return undefined;
    const fields = columns.map(({ index, name }) => [name, values[index]] as const);
    return timeOfFields(fields) ?? timeOfFields([["date", this.date], ...fields]);
  }
}

function tableOf(line: string): Layout | undefined {
  const separator = ["\t", ";", ",", "|"].find((mark) => line.includes(mark));
  const names = separator === undefined ? [] : line.split(separator);
  return separator !== undefined && names.every((name) => nameOfColumn.test(name))
    ? layoutOf(
        names.map((name) => name.trim().replace(/^"|"$/g, "")),
        separator,
      )
    : undefined;
}

function layoutOf(names: readonly string[], separator: string): Layout | undefined {
  const columns = names.map((name, index) => ({ index, name })).filter(({ name }) => rankOf(name) < Infinity);
  return columns.length > 0 ? { columns, width: names.length, separator } : undefined;
}

function split(line: string, separator: string): readonly string[] {
  if (separator === " ") return line.split(/ +/);
  if (!line.includes('"')) return line.split(separator);
  const values: string[] = [];
  let [start, isQuoted] = [0, false];
  for (let index = 0; index <= line.length; index++) {
    if (line[index] === '"') isQuoted = !isQuoted;
    if (index < line.length && (isQuoted || line[index] !== separator)) continue;
    values.push(line.slice(start, index).replace(/^"|"$/g, ""));
    start = index + 1;
  }
  return values;
}

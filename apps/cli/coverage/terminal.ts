import type { Colors } from "../../terminal/colours";
import { printable } from "../../terminal/printable";
import type { Cell, CellState, CoverageCalendar } from "./calendar";

const marks: Readonly<Record<CellState, string>> = {
  complete: "·",
  partial: "◐",
  missing: "✗",
  skipped: "-",
  none: " ",
};
const colourNames = { complete: "green", partial: "yellow", missing: "red", skipped: "dim", none: "dim" } as const;

/** Days in a row of the grid; longer ranges go on below. */
const daysPerBlock = 62;
/** Reasons that are listed below the grid; the rest is counted. */
const listed = 40;

/** The calendar for a terminal: a character for every account, Region and day, and below what keeps them from being complete. */
export function renderTerminal({ days, regions, accounts, cells }: CoverageCalendar, colours: Colors): string {
  const lines: string[] = [];
  for (let start = 0; start < days.length; start += daysPerBlock) {
    const block = days.slice(start, start + daysPerBlock);
    lines.push(colours.bold(`${block[0]} to ${block.at(-1)}`));
    for (const [row, { id, name }] of accounts.entries())
      for (const [column, region] of regions.entries()) {
        const first = (row * regions.length + column) * days.length + start;
        const states = cells
          .slice(first, first + block.length)
          .map(({ state }) => colours[colourNames[state]](marks[state]));
        lines.push(`${id} ${printable(name).slice(0, 20).padEnd(20)} ${region.padEnd(14)} ${states.join("")}`);
      }
    lines.push("");
  }
  lines.push(
    Object.entries(marks)
      .filter(([state]) => state !== "none")
      .map(([state, mark]) => `${mark} ${state}`)
      .join("   "),
    "",
  );
  return `${[...lines, ...reasons(cells), summary(cells, colours)].join("\n")}\n`;
}

function reasons(cells: readonly Cell[]): string[] {
  const open = cells
    .filter(({ state }) => state === "partial" || state === "missing")
    .flatMap(({ account, region, day, items }) =>
      items.map(
        ({ logGroup, reason }) =>
          `${day} ${account} ${region} ${printable(logGroup ?? "the whole account")}: ${printable(reason)}`,
      ),
    );
  if (open.length === 0) return [];
  const rest = open.length > listed ? [`... and ${open.length - listed} more: --json and --html have them all`] : [];
  return ["Not complete:", ...open.slice(0, listed).map((line) => `  ${line}`), ...rest, ""];
}

function summary(cells: readonly Cell[], colours: Colors): string {
  const count = (state: CellState) => cells.filter((cell) => cell.state === state).length;
  const open = count("partial") + count("missing");
  const text = `${count("complete")} account days complete, ${count("partial")} partial, ${count("missing")} missing, ${count("skipped")} skipped`;
  return open === 0 ? colours.green(text) : colours.red(text);
}

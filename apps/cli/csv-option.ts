import leven from "leven";

/** `--csv=excel` cannot be a value of `--csv`, which would take the word after it: it is an option of its own. */
const excelOption = "--csv-excel";
/** Letters in which `excel` may be mistyped. */
const mistypedLetters = 2;

/** What is meant by `--csv`: words as the commands take them, or what is wrong with them. */
export type CsvWords = { readonly words: readonly string[] } | { readonly problem: string };

/** @param command the command that is asked: a word alone is no SQL, but may be looked for */
export function csvWords(argv: readonly string[], command: string | undefined): CsvWords {
  const end = argv.indexOf("--");
  const options = end < 0 ? argv : argv.slice(0, end);
  for (const [at, word] of options.entries()) {
    const value = /^--csv=(.*)$/s.exec(word)?.[1];
    if (value !== undefined && value !== "excel")
      return { problem: `${word} is no format: ${allowed}${isNear(value) ? " Did you mean --csv=excel?" : ""}` };
    const next = options[at + 1] ?? "";
    const isMeant = next.toLowerCase() === "excel" || (command === "query" && isNear(next));
    if (word === "--csv" && isMeant) {
      const other = command === "search" ? ` To search for ${next}, give it before --csv.` : "";
      return { problem: `--csv ${next} is no format: ${allowed} Write --csv=excel, with "=".${other}` };
    }
  }
  return {
    words: options.map((word) => (word === "--csv=excel" ? excelOption : word)).concat(argv.slice(options.length)),
  };
}

const allowed = "there are --csv, for programs, and --csv=excel, for Excel.";

function isNear(word: string): boolean {
  return leven(word.toLowerCase(), "excel") <= mistypedLetters;
}

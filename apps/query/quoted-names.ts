/** What is no name: texts, quoted names, comments, and texts between dollar signs. */
export const notNames = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|(\$\w*\$)[\s\S]*?\1/;
const word = "(?<![\\w$])(?:at(?!\\s+time\\s+zone\\b)|case|end)(?![\\w$])";
const words = new RegExp(`${notNames.source}|${word}`, "gi");

/**
 * Quotes the columns of the views that DuckDB keeps for itself: `at`, as far as it is not part of AT TIME ZONE, and `end`, where it
 * ends no CASE.
 */
export function withColumnsQuoted(sql: string): string {
  let cases = 0;
  return sql.replaceAll(words, (found) => {
    const name = found.toLowerCase();
    if (name === "case") cases += 1;
    const endsCase = name === "end" && cases > 0;
    if (endsCase) cases -= 1;
    return (name === "end" && !endsCase) || name === "at" ? `"${name}"` : found;
  });
}

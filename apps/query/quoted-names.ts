/** What is no name: texts, quoted names, comments, and texts between dollar signs. */
const other = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|(\$\w*\$)[\s\S]*?\1/;
const at = new RegExp(`${other.source}|(?<![\\w$])at(?![\\w$])(?!\\s+time\\s+zone\\b)`, "gi");

/** Quotes the column `at`, which DuckDB keeps for itself, as far as it is not part of AT TIME ZONE. */
export function withAtQuoted(sql: string): string {
  return sql.replaceAll(at, (found) => (/^at$/i.test(found) ? `"at"` : found));
}

import { notNames } from "../quoted-names";

const token = new RegExp(`${notNames.source}|[A-Za-z_]\\w*|[\\s\\S]`, "g");
const beginsQuestion = /^(?:select|with|from|values|table|describe|summarize)$/i;

/**
 * A statement as DuckDB's parser takes it: the type `array(varchar)` as `varchar[]`, and `if(condition, value)` with the NULL that
 * Athena's means.
 */
export function spelledForDuckDb(sql: string): string {
  if (!/\b(?:array|if)\s*\(/i.test(sql)) return sql;
  const tokens = Array.from(sql.matchAll(token), ([text]) => text);
  let index = 0;
  /** Up to the end, or the bracket that closes what was opened before. */
  const rest = (): { readonly text: string; readonly commas: number } => {
    let [text, commas] = ["", 0];
    while (index < tokens.length && tokens[index] !== ")") {
      const one = tokens[index++] ?? "";
      if (one === ",") commas++;
      const isCall = /^(?:array|if)$/i.test(one) && /^\s*\($/.test(blanksAndNext(tokens, index));
      if (!isCall && one !== "(") {
        text += one;
        continue;
      }
      if (isCall) while (tokens[index++] !== "(");
      const first = firstWord(tokens, index);
      const within = rest();
      const close = tokens[index++] ?? "";
      if (isCall && /^array$/i.test(one) && !beginsQuestion.test(first)) text += `${within.text}[]`;
      else if (isCall)
        text += `${one}(${within.text}${/^if$/i.test(one) && within.commas === 1 ? ", NULL" : ""}${close}`;
      else text += `(${within.text}${close}`;
    }
    return { text, commas };
  };
  let spelled = rest().text;
  // A bracket too many is for DuckDB's parser to name.
  while (index < tokens.length) {
    spelled += tokens[index++];
    spelled += rest().text;
  }
  return spelled;
}

function blanksAndNext(tokens: readonly string[], from: number): string {
  let end = from;
  while (/^\s$/.test(tokens[end] ?? "")) end++;
  return tokens.slice(from, end + 1).join("");
}

function firstWord(tokens: readonly string[], from: number): string {
  let index = from;
  while (/^[\s(]$/.test(tokens[index] ?? "")) index++;
  return tokens[index] ?? "";
}

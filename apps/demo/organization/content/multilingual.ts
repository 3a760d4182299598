import { oneLine } from "./content";

const word = {
  /** `e` and a combining acute accent: two code points that look like `é`. */
  decomposed: "cafe\u0301",
  /** Four emoji joined by zero-width joiners: one picture, seven code points. */
  family: "👩‍👩‍👧‍👦",
  rightToLeft: "שלום",
} as const;

/** Text beyond ASCII: UTF-8 of one to four bytes, combining marks, joiners, both directions, odd white space. */
export const multilingualLine = oneLine((random) =>
  random.pick([
    `注文 ${random.digits(6)} を受け付けました（合計 ${random.int(100, 99_999)} 円）`,
    `支払いに失敗しました: カードの有効期限切れ 😢 再試行 ${random.int(1, 5)} 回目`,
    `Bestellung ${random.digits(6)} für „Größe 42½“ bestätigt – ${random.int(5, 400)} €`,
    `${word.decomposed} ou café ? table ${random.int(1, 40)} ${word.family}`,
    `${word.rightToLeft} ${random.digits(4)} 🇯🇵🚀 𝒶𝓁𝓅𝒽𝒶`,
    `tab\tquote " backslash \\ percent %2F no-break\u00a0space zero\u200bwidth space`,
    `住所:\n  〒${random.digits(3)}-${random.digits(4)}\n  東京都千代田区`,
  ]),
);

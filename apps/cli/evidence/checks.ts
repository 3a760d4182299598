import { digestKey } from "../../../handlers/archive/layout";
import type { Range } from "../../../handlers/archive/range";
import { shellWord } from "../../terminal/shell-word";

/**
 * The commands of an evidence folder's README. Each is pasted on its own, into any shell and also an interactive one, so it stands
 * in parentheses where it may end early, says when it has found nothing, and names no variable that zsh keeps for itself.
 */

/** That the files are those that were handed over. */
export const handedOver = `sha256sum SHA256SUMS
sha256sum --check --quiet SHA256SUMS && echo "The files are those of SHA256SUMS."`;

/** @param heads the newest digest of each bucket that has one, as `SEQUENCE:HASH` */
export function newestDigests(heads: readonly { readonly bucket: string; readonly head: string }[]): string {
  const lines = heads.map(({ bucket, head }) => {
    const [sequence, sha256] = head.split(":");
    return `${sha256}  ${bucket}/${digestKey(Number(sequence))}`;
  });
  return `sha256sum --check << 'HEADS'
${lines.join("\n")}
HEADS`;
}

/** @param keys places of the public keys in the folder */
export function signatures(buckets: readonly string[], keys: readonly string[]): string {
  return `(
  for digest in ${each(buckets, "/digests/*.json")}; do
    for key in ${each(keys)}; do
      openssl dgst -sha256 -verify "$key" -signature "$digest.sig" "$digest" > /dev/null 2>&1 && break
      false
    done || { echo "NOT SIGNED: $digest"; exit 1; }
  done
  echo "Every digest is signed."
)`;
}

export function chain(buckets: readonly string[]): string {
  return `(
  for bucket in ${each(buckets)}; do
    previous=null
    for digest in "$bucket"/digests/*.json; do
      grep -q "\\"previousSha256\\":$previous[,}]" "$digest" || { echo "BROKEN CHAIN: $digest"; exit 1; }
      previous=\\"$(sha256sum "$digest" | cut -d ' ' -f 1)\\"
      names=$(sed -n 's/.*"leaves":{"key":"\\([^"]*\\)","sha256":"\\([^"]*\\)"}.*/\\2  \\1/p' "$digest")
      [ -z "$names" ] || (cd "$bucket" && echo "$names" | sha256sum --check --quiet) || { echo "NOT WHOLE: $digest"; exit 1; }
    done
  done
  echo "Every digest follows the one before it."
)`;
}

export function seals(buckets: readonly string[], range: Range): string {
  return `(
  for bucket in ${each(buckets)}; do
    named=$(grep -r -h -o '"key":"seals/[^"]*","sha256":"[^"]*"' --include='*.json' --include='*.jsonl' "$bucket/digests" |
      sed 's/"key":"\\(.*\\)","sha256":"\\(.*\\)"/\\2  \\1/'${ofRange(range)} | sort -u)
    here=$(cd "$bucket" && find . -path './seals/*' -type f -exec sha256sum {} + | sed 's#  \\./#  #' | sort)
    [ "$named" = "$here" ] && continue
    echo "NOT THE SEALS THAT DIGESTS NAME: $bucket"
    { echo "$named" | sed 's/^/named: /'; echo "$here" | sed 's/^/here: /'; } | sort -k 2 | uniq -u -f 1
    exit 1
  done
  echo "Every seal that a digest names is here, and no other."
)`;
}

function each(words: readonly string[], ending = ""): string {
  return words.map((word) => `${shellWord(word)}${ending}`).join(" ");
}

/** Takes the lines that are about a range: `<sha256>  seals/day=<day>/account=<account>/<n>.json`. */
function ofRange({ from, to, accounts }: Range): string {
  const conditions = [
    ...(from ? [`$3 >= "${from}"`] : []),
    ...(to ? [`$3 <= "${to}"`] : []),
    ...(accounts ? [`(${[...accounts].map((account) => `$5 == "${account}"`).join(" || ")})`] : []),
  ];
  return conditions.length === 0 ? "" : ` |\n      awk -F '[=/]' '${conditions.join(" && ")}'`;
}

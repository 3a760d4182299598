import type { Range } from "../../../handlers/archive/range";
import type { CoverageCalendar } from "../coverage/calendar";
import type { Verdict } from "../verify/text";
import type { ArchiveVerification } from "../verify/verify-archive";

export interface GuideInput {
  readonly at: string;
  readonly toolVersion: string;
  readonly range: Range;
  readonly result: ArchiveVerification;
  readonly verdict: Verdict;
  /** Places of the public keys in the folder. */
  readonly keys: readonly string[];
  readonly calendar: CoverageCalendar;
}

/** The README of an evidence folder: what it proves, and how to check that. */
export function guideText({ at, toolVersion, range, result, verdict, keys, calendar }: GuideInput): string {
  const [first, last] = [calendar.days[0] ?? "", calendar.days.at(-1) ?? ""];
  const period = `${range.from ?? first} to ${range.to ?? last}`;
  const count = (state: string) => calendar.cells.filter((cell) => cell.state === state).length;
  const heads = result.buckets.map(({ bucket, head = "none" }) => `| ${bucket} | ${head} |`);
  return `# Evidence of the log archive, ${period}

Made on ${at} with org-log-archive ${toolVersion} from ${result.archive}, for ${calendar.accounts.length} accounts in ${calendar.regions.join(", ")}.

**Verdict: ${verdictSentence(verdict)}**
${verdict.unproven.map((what) => `\nNot proven here: ${what}`).join("\n")}

| account days | |
|---|--:|
| complete | ${count("complete")} |
| partial | ${count("partial")} |
| missing | ${count("missing")} |
| skipped | ${count("skipped")} |

\`coverage.html\` shows each of them, with the reason for what is not complete; \`coverage.json\` is the same for programs; \`verification.json\` is the whole result.

The newest digest of each bucket. Keep these lines outside the archive: with them you can tell that no digest was removed later.

| bucket | sequence:hash |
|---|---|
${heads.join("\n")}

## What is here

- \`<bucket>/digests/\`: a digest for each run, each with the SHA-256 of the one before it, and its signature (\`.sig\`).
- \`<bucket>/seals/\`: for each account and day, the SHA-256 of every receipt, coverage object, exported object and event file.
- \`public-keys/\`: the keys with which digests are signed. Compare them with what AWS KMS gives you (\`aws kms get-public-key\`): a key from the archive's keeper proves only what the keeper says.
- \`SHA256SUMS\`: the hashes of these files.

## Checking it, with \`openssl\` and \`sha256sum\` alone

That these files are the ones that were handed over:

\`\`\`
sha256sum --check --quiet SHA256SUMS
\`\`\`

That every digest was signed with a key of \`public-keys/\`:

\`\`\`
for digest in */digests/*.json; do
  for key in ${keys.join(" ")}; do
    openssl dgst -sha256 -verify "$key" -signature "$digest.sig" "$digest" > /dev/null 2>&1 && break
    false
  done || { echo "NOT SIGNED: $digest"; exit 1; }
done
\`\`\`

That no digest between the first and the last is missing or was exchanged: each names the hash of the one before it.

\`\`\`
for bucket in */digests; do
  previous=
  for digest in "$bucket"/*.json; do
    [ -z "$previous" ] || grep -q "\\"previousSha256\\":\\"$previous\\"" "$digest" || { echo "BROKEN CHAIN: $digest"; exit 1; }
    previous=$(sha256sum "$digest" | cut -d ' ' -f 1)
  done
done
\`\`\`

That every seal is named by a digest:

\`\`\`
for seal in $(find . -path '*/seals/*.json'); do
  hash=$(sha256sum "$seal" | cut -d ' ' -f 1)
  grep -q -r "$hash" --include='*.json' --include='*.jsonl' */digests || { echo "NOT IN A DIGEST: $seal"; exit 1; }
done
\`\`\`

An object of the archive is what was exported if \`sha256sum\` of it stands in its day's seal.

## What reviewers ask

| question | where it comes from | what answers it |
|---|---|---|
| Who ran what, when? | SOC 2 CC7.2, PCI DSS 10.2 | digests name each run, its start and end, and the hashes of its configuration and code; CloudTrail has who started it |
| Is the period complete? | SOC 2 CC7.2, PCI DSS 10.5.1 | \`coverage.html\`: every account and day, and what is missing with its reason |
| Was anything altered? | PCI DSS 10.3.4, HIPAA 164.312(c), SEC 17a-4(f) | \`verification.json\`, and the commands above |
| How long is it kept, and can it be deleted? | PCI DSS 10.5.1, SEC 17a-4(f) | the bucket's Object Lock and lifecycle, which AWS shows: \`aws s3api get-object-lock-configuration\` |
| Who may read it? | HIPAA 164.312(a), SOC 2 CC6.1 | the bucket policy and the auditors' policy; S3's access logs or CloudTrail data events, where they are on |

What this folder cannot show: what an account's administrators kept CloudWatch Logs from receiving; what was written below an account's prefix before it was sealed, by a principal that held the member role; who read the archive, unless access logs are on; that a system's clock was right.
`;
}

function verdictSentence({ intact, complete }: Verdict): string {
  const open = complete ? "" : " Something that should be archived is not, or is not sealed or signed yet.";
  if (intact === false) return `altered. The archive is not as it was written.${open}`;
  if (intact === null) return `nothing contradicts itself, and not all of it is proven.${open}`;
  return `intact.${open}`;
}

import type { Range } from "../../../handlers/archive/range";
import type { CoverageCalendar } from "../coverage/calendar";
import { notCoveredText, type Verdict } from "../verify/text";
import type { ArchiveVerification } from "../verify/verify-archive";
import { chain, handedOver, newestDigests, seals, signatures } from "./checks";

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
  const kept = result.buckets.flatMap(({ bucket, head }) => (head === undefined ? [] : [{ bucket, head }]));
  const buckets = result.buckets.map(({ bucket }) => bucket);
  return `# Evidence of the log archive, ${period}

Made on ${at} with org-log-archive ${toolVersion} from ${result.archive}, for ${calendar.accounts.length} accounts in ${calendar.regions.join(", ")}.

**Verdict: ${verdictSentence(verdict, result)}**
${verdict.unproven.map((what) => `\nNot proven here: ${what}`).join("\n")}

| account days | |
|---|--:|
| complete | ${count("complete")} |
| partial | ${count("partial")} |
| missing | ${count("missing")} |
| skipped | ${count("skipped")} |

\`coverage.html\` shows each of them, with the reason for what is not complete; \`coverage.json\` is the same for programs; \`verification.json\` is the whole result.

The newest digest of each bucket, as the archive was when this folder was made:

| bucket | sequence:hash |
|---|---|
${heads.join("\n")}

## What is here

- \`<bucket>/digests/\`: a digest for each run, each with the SHA-256 of the one before it, and its signature (\`.sig\`). What a digest names is in it, or beside it (\`.leaves.jsonl\`).
- \`<bucket>/seals/\`: for each account and day, the SHA-256 of every receipt, coverage object, exported object and event file.
- \`public-keys/\`: the keys with which digests are signed. Compare them with what AWS KMS gives you (\`aws kms get-public-key\`): a key from the archive's keeper proves only what the keeper says.
- \`SHA256SUMS\`: the hashes of these files.

Digests are signed, and seals through them. \`coverage.html\`, \`coverage.json\`, \`verification.json\` and this README are what the tool says of them.

## Checking it, with \`openssl\` and \`sha256sum\` alone

Paste each block into a shell in this folder. One that finds nothing says so in its last line.

That these files are the ones that were handed over. The first line must be the SHA-256 that \`evidence\` printed when it wrote the folder, and that was kept apart from it:

\`\`\`
${handedOver}
\`\`\`

That every digest was signed with a key of \`public-keys/\`:

\`\`\`
${signatures(buckets, keys)}
\`\`\`

That no digest from the first on is missing or was exchanged: each names the hash of the one before it, and of what it names beside it.

\`\`\`
${chain(buckets)}
\`\`\`

That none was removed at the end. The chain cannot show that: a head that was kept outside the archive does. These lines have the heads above: put in their place what you have from elsewhere, such as a run's message or the copies in another account, as \`HASH  <bucket>/digests/<SEQUENCE in 10 digits>.json\`. A head of an earlier run shows that all up to that run is here.

\`\`\`
${newestDigests(kept)}
\`\`\`

That every seal which a digest names for this period is here, with the bytes that it names, and no other:

\`\`\`
${seals(buckets, range)}
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

function verdictSentence({ intact, complete }: Verdict, result: ArchiveVerification): string {
  const uncovered = notCoveredText(result);
  const open = complete
    ? ""
    : ` Something that should be archived is not, or is not sealed or signed yet.${uncovered && ` ${uncovered}`}`;
  if (intact === false) return `altered. The archive is not as it was written.${open}`;
  if (intact === null) return `nothing contradicts itself, and not all of it is proven.${open}`;
  return complete ? "intact." : `intact, as far as it is archived.${open}`;
}

/** Whether a text matches an IAM pattern: `*` any characters, `?` one. */
export function like(text: string, pattern: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "su").test(text);
}

/** Whether an ARN matches an ARN pattern: each of the six parts by itself, so that `*` does not reach over a colon before the last. */
export function arnLike(arn: string, pattern: string): boolean {
  const parts = arnParts(arn);
  const patterns = arnParts(pattern);
  return parts.length === patterns.length && parts.every((part, index) => like(part, patterns[index] ?? ""));
}

function arnParts(arn: string): string[] {
  const parts = arn.split(":");
  return [...parts.slice(0, 5), parts.slice(5).join(":")];
}

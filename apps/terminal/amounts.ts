/** Counts and sizes as people read them; what programs read has exact numbers. */

/** `1 day`, `12,345 days` */
export function count(number: number, thing: string): string {
  return `${number.toLocaleString("en")} ${thing}${number === 1 ? "" : "s"}`;
}

const units = ["kB", "MB", "GB", "TB", "PB"] as const;

/** `812 B`, `6.0 MB`: powers of 1,000, as AWS bills storage. */
export function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const scaled = units.map((unit, index) => ({ unit, value: bytes / 1000 ** (index + 1) }));
  // 999,960 bytes would round to 1000.0 kB.
  const { unit, value } = scaled.find((one) => one.value < 999.95) ?? { unit: "PB", value: bytes / 1e15 };
  return `${value.toFixed(1)} ${unit}`;
}

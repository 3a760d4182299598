/** What a month costs, from assumptions that a reader can replace and prices that a reader can check. In US dollars. */

export interface UnitPrice {
  /** US dollars for one unit. */
  readonly usd: number;
  readonly unit: string;
}

/**
 * List prices of us-east-1 as public sources had them on this date; AWS's price pages decide.
 * https://aws.amazon.com/step-functions/pricing/ https://aws.amazon.com/lambda/pricing/ https://aws.amazon.com/s3/pricing/
 * https://aws.amazon.com/kms/pricing/ https://aws.amazon.com/cloudwatch/pricing/ https://aws.amazon.com/athena/pricing/
 */
export const pricesAsOf = "2026-11-22";
export const prices = {
  transition: { usd: 0.000025, unit: "state transition" },
  lambda: { usd: 0.0000133334, unit: "GB-second of an arm64 function" },
  lambdaRequest: { usd: 0.0000002, unit: "invocation" },
  put: { usd: 0.000005, unit: "PUT or LIST request" },
  get: { usd: 0.0000004, unit: "GET request" },
  storage: { usd: 0.023, unit: "GB-month in S3 Standard" },
  export: { usd: 0, unit: "exported GB: CloudWatch Logs charges nothing" },
  key: { usd: 1, unit: "KMS key and month" },
  signature: { usd: 0.000015, unit: "signature with an elliptic curve key of KMS" },
  alarm: { usd: 0.1, unit: "metric watched by an alarm" },
  metric: { usd: 0.3, unit: "custom metric" },
  dashboard: { usd: 3, unit: "dashboard of CloudWatch" },
  scanned: { usd: 0.005, unit: "GB scanned by Athena" },
} as const satisfies Record<string, UnitPrice>;

/** What CloudWatch Logs itself takes for keeping log data: no cost of the archive, but what backfills may change. */
export const logStorage: UnitPrice = { usd: 0.03, unit: "GB-month in CloudWatch Logs" };

export type PriceName = keyof typeof prices;

export interface Assumptions {
  readonly accounts: number;
  readonly regions: number;
  /** In every account and Region. */
  readonly logGroups: number;
  readonly streamsPerLogGroupAndDay: number;
  /** From the creation of an export task to its end. */
  readonly secondsPerExport: number;
  /** As stored (compressed), of an account, in a Region. */
  readonly gigabytesPerDay: number;
  readonly daysKept: number;
  /** Days that each run looks at again. */
  readonly lookbackDays: number;
  readonly keysPerRegion: number;
  /** Audit queries that read every event of a day, of all accounts and Regions. */
  readonly dayQueries: number;
}

export const assumed: Omit<Assumptions, "accounts"> = {
  regions: 2,
  logGroups: 20,
  streamsPerLogGroupAndDay: 5,
  secondsPerExport: 30,
  gigabytesPerDay: 0.1,
  daysKept: 365,
  lookbackDays: 7,
  keysPerRegion: 3,
  dayQueries: 10,
};

export interface CostItem {
  readonly name: string;
  readonly price: PriceName;
  /** Units a month. */
  readonly units: number;
  readonly usd: number;
}

const daysPerMonth = 30;
/** A step of the loop stays in its function for so long, of this size. */
const stepSeconds = 420;
const stepGigabytes = 0.125;
/** ListAccounts, AnyAccounts, ForEachAccount, AnyFormerAccounts, ReportRun, SignDigest, RunOutcome, RunIsComplete. */
const transitionsPerRun = 8;
/** PlanExports, NextStep, RecordCoverage, SealAccount, NextAccountSeal, AccountOutcome, AccountIsClean. */
const transitionsPerAccount = 7;
/** Planning and recording, in larger functions. */
const overheadGigabyteSecondsPerAccount = 5;
/** Sealing lists and fetches, reads, and makes event files of what it reads (as stored), in a function of this size. */
const sealingGigabytes = 1769 / 1024;
const sealingSecondsPerAccount = 5;
const sealedMegabytesPerSecond = 4;
/** Event files are about as large as what they are made of. */
const eventFilesOfEvidence = 1;
/** Of an account's day that is looked at for what is not sealed: the lists of its receipts, coverage and seals. */
const sealingListsPerDay = 4;
/** An account's plan, outcomes, coverage and summaries, and its seal. */
const recordPuts = 8;
/** An account's day has one of 256 MB of text or less, and one of its last millisecond, with a seal of its own. */
const eventFilePuts = 3;
/** Each is read again when the run is bound. */
const recordGets = 10 + recordPuts;
const alarmedMetrics = 16;
const customMetrics = 15;

/** The items of a month. */
export function monthlyCost(assumptions: Assumptions): CostItem[] {
  const { accounts, regions, logGroups, streamsPerLogGroupAndDay, secondsPerExport, gigabytesPerDay, dayQueries } =
    assumptions;
  const runs = regions * daysPerMonth;
  const accountRuns = accounts * runs;
  const items = accountRuns * logGroups;
  const steps = Math.ceil((logGroups * secondsPerExport) / stepSeconds);
  const sealingSeconds = sealingSecondsPerAccount + (gigabytesPerDay * 1000) / sealedMegabytesPerSecond;
  const gigabyteSeconds =
    logGroups * secondsPerExport * stepGigabytes +
    overheadGigabyteSecondsPerAccount +
    sealingSeconds * sealingGigabytes;
  const item = (name: string, price: PriceName, units: number): CostItem => ({
    name,
    price,
    units,
    usd: units * prices[price].usd,
  });
  return [
    item("Exports", "export", accounts * regions * gigabytesPerDay * daysPerMonth),
    item("State machines", "transition", runs * transitionsPerRun + accountRuns * (transitionsPerAccount + 2 * steps)),
    item("Functions, time", "lambda", accountRuns * gigabyteSeconds),
    item("Functions, invocations", "lambdaRequest", runs * 3 + accountRuns * (steps + 3)),
    // Exported objects, the write test, the receipt and the listing that it holds; then the records, and event files.
    item(
      "S3, writing and listing",
      "put",
      items * (streamsPerLogGroupAndDay + 3) + accountRuns * (recordPuts + eventFilePuts),
    ),
    // To seal, an export is listed once more, and each of its objects is read once.
    item("S3, listing to seal", "put", items + accountRuns * assumptions.lookbackDays * sealingListsPerDay),
    item("S3, reading to seal", "get", items * (streamsPerLogGroupAndDay + 1) + accountRuns * assumptions.lookbackDays),
    // An item's own receipt, and the one of the day before.
    item("S3, reading records", "get", 2 * items + accountRuns * recordGets),
    item("Signatures", "signature", runs),
    item("S3, storage once it is full", "storage", accounts * regions * gigabytesPerDay * assumptions.daysKept),
    item("Keys", "key", regions * assumptions.keysPerRegion),
    item("Alarms", "alarm", regions * alarmedMetrics),
    item("Metrics", "metric", regions * customMetrics),
    item("Dashboards", "dashboard", regions),
    item(
      "Event files, storage once it is full",
      "storage",
      accounts * regions * gigabytesPerDay * assumptions.daysKept * eventFilesOfEvidence,
    ),
    item(`Audit queries, ${dayQueries} over a day`, "scanned", dayQueries * accounts * regions * gigabytesPerDay),
  ];
}

/** What a run is priced by: items of an account, and what exporting one takes and brings. */
export type RunAssumptions = Pick<
  Assumptions,
  "accounts" | "logGroups" | "secondsPerExport" | "streamsPerLogGroupAndDay" | "gigabytesPerDay"
>;

/** Priced by the month, whatever runs. */
const standing: readonly PriceName[] = ["storage", "key", "alarm", "metric", "dashboard", "scanned"];

/** The items of one run in one Region, at the month's prices. */
export function runCost(run: RunAssumptions): CostItem[] {
  return monthlyCost({ ...assumed, ...run, regions: 1 })
    .filter(({ price }) => !standing.includes(price))
    .map(({ units, usd, ...item }) => ({ ...item, units: units / daysPerMonth, usd: usd / daysPerMonth }));
}

export function totalOf(items: readonly CostItem[]): number {
  return items.reduce((total, { usd }) => total + usd, 0);
}

/** The table of a month for organisations of several sizes, in Markdown. */
export function renderCost(sizes: readonly number[], rest: Omit<Assumptions, "accounts"> = assumed): string {
  const months = sizes.map((accounts) => monthlyCost({ ...rest, accounts }));
  const [first = []] = months;
  const count = (value: number) => value.toLocaleString("en", { maximumFractionDigits: 0 });
  const rows = first.map(({ name, price }, index) => [
    name,
    `${plainDollars(prices[price].usd)} per ${prices[price].unit}`,
    ...months.map((items) => dollars(items[index]?.usd ?? 0)),
  ]);
  const header = ["a month", `unit price, ${pricesAsOf}`, ...sizes.map((accounts) => `${count(accounts)} accounts`)];
  const total = ["**total**", "", ...months.map((items) => `**${dollars(totalOf(items))}**`)];
  return [
    `Assumed: ${rest.regions} Regions; in each account and Region ${rest.logGroups} log groups of ${rest.streamsPerLogGroupAndDay} active streams and ${rest.gigabytesPerDay} GB a day (compressed), ${rest.secondsPerExport} s an export; ` +
      `${count(rest.daysKept)} days kept in S3 Standard; \`encryption: "kms"\`; ${count(rest.dayQueries)} audit queries that read every event of a day in all accounts. List prices of us-east-1 from public sources, without free tiers.`,
    "",
    ...[header, ["---", "---", ...sizes.map(() => "--:")], ...rows, total].map((cells) => `| ${cells.join(" | ")} |`),
  ].join("\n");
}

function dollars(value: number): string {
  return `$${value.toLocaleString("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}

/** Small prices with their digits, and no exponent. */
function plainDollars(value: number): string {
  return `$${value.toLocaleString("en", { maximumSignificantDigits: 3, useGrouping: false })}`;
}

/** How Athena computes a table's partitions. https://docs.aws.amazon.com/athena/latest/ug/partition-projection.html */
export interface Projection {
  readonly partitionKeys: readonly string[];
  /** `projection.*` and `storage.location.template` of the table's parameters. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** Nothing in CloudWatch Logs is older than the service. */
const firstDay = "2014-07-01";

/**
 * The partitions of objects that lie under `<bucket of the Region>/<folder>/`. Only what the folder names is a partition.
 * @param folder With `${day}`, and perhaps `${account}`, in it.
 */
export function projection(
  regions: readonly string[],
  bucketName: (region: string) => string,
  folder: string,
): Projection {
  const hasAccount = folder.includes(placeholder("account"));
  return {
    partitionKeys: ["region", ...(hasAccount ? ["account"] : []), "day"],
    parameters: {
      "projection.enabled": "true",
      "projection.region.type": "enum",
      "projection.region.values": regions.join(","),
      // Takes any account that a query names, also one that left the organisation long ago.
      ...(hasAccount ? { "projection.account.type": "injected" } : {}),
      "projection.day.type": "date",
      "projection.day.format": "yyyy-MM-dd",
      "projection.day.range": `${firstDay},NOW`,
      "projection.day.interval": "1",
      "projection.day.interval.unit": "DAYS",
      "storage.location.template": `s3://${bucketName(placeholder("region"))}/${folder}/`,
    },
  };
}

/** Where a partition's value stands in a location. */
export function placeholder(partitionKey: string): string {
  return `\${${partitionKey}}`;
}

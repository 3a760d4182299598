import { RegionInfo } from "aws-cdk-lib/region-info";

/** A Region that the installed aws-cdk-lib knows. */
export function isRegion(name: string): boolean {
  return RegionInfo.regions.some((region) => region.name === name);
}

/** `aws`, `aws-us-gov` and so on. */
export function partitionOf(region: string): string {
  return RegionInfo.get(region).partition ?? "aws";
}

/** `amazonaws.com`, and others in partitions of their own. */
export function domainSuffixOf(region: string): string {
  return RegionInfo.get(region).domainSuffix ?? "amazonaws.com";
}

/**
 * Whether a Region is in China, where CloudFormation has no service-managed StackSets, and Athena reads no bucket of another
 * Region. https://docs.amazonaws.cn/en_us/aws/latest/userguide/cloudformation.html
 */
export function isInChina(region: string): boolean {
  return partitionOf(region) === "aws-cn";
}

/**
 * Where the StackSet of the member role and its instances are: the home Region, or the first other one, that every account
 * has. An opt-in Region would have to be enabled in each of them: accounts without it would be without the role.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-opt-in-regions.html
 */
export function stackSetRegion(homeRegion: string, regions: readonly string[]): string | undefined {
  return [homeRegion, ...regions].find((region) => !RegionInfo.get(region).isOptInRegion);
}

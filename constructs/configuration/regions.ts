import { RegionInfo } from "aws-cdk-lib/region-info";

/** A Region that the installed aws-cdk-lib knows. */
export function isRegion(name: string): boolean {
  return RegionInfo.regions.some((region) => region.name === name);
}

/** `aws`, `aws-cn` or `aws-us-gov`. */
export function partitionOf(region: string): string {
  return RegionInfo.get(region).partition ?? "aws";
}

/** `amazonaws.com` or `amazonaws.com.cn`. */
export function domainSuffixOf(region: string): string {
  return RegionInfo.get(region).domainSuffix ?? "amazonaws.com";
}

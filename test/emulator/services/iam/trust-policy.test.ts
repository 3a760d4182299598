import type { Caller } from "../../../../apps/emulator";
import { TrustPolicy, trusts } from "../../../../apps/emulator/services/iam/trust-policy";

const caller: Caller = {
  kind: "session",
  arn: "arn:aws:sts::200000000000:assumed-role/Exporter/function",
  account: "200000000000",
  roleArn: "arn:aws:iam::200000000000:role/Exporter",
};

const context = { "aws:PrincipalArn": caller.roleArn, "sts:ExternalId": "secret-1" };

function allow(Principal: unknown, Condition: object = {}) {
  return { Effect: "Allow", Principal, Action: "sts:AssumeRole", Condition };
}

function decide(...Statement: object[]): boolean {
  return trusts(TrustPolicy.parse({ Version: "2012-10-17", Statement }), caller, context);
}

it.each([
  ["every principal", "*", true],
  ["every AWS principal", { AWS: "*" }, true],
  ["the account by its id", { AWS: "200000000000" }, true],
  ["the account by its root", { AWS: "arn:aws:iam::200000000000:root" }, true],
  ["the role", { AWS: caller.roleArn }, true],
  ["the session", { AWS: [caller.arn] }, true],
  ["another account", { AWS: "arn:aws:iam::300000000000:root" }, false],
  ["another role", { AWS: "arn:aws:iam::200000000000:role/Other" }, false],
  ["a service", { Service: "lambda.amazonaws.com" }, false],
])("a principal that is %s", (_name, principal, expected) => {
  expect(decide(allow(principal))).toBe(expected);
});

it.each([
  [{ StringEquals: { "sts:ExternalId": ["other", "secret-1"] } }, true],
  [{ StringEquals: { "STS:externalid": "secret-1" } }, true],
  [{ StringEquals: { "sts:ExternalId": "secret-?" } }, false],
  [{ StringLike: { "sts:ExternalId": "secret-?" } }, true],
  [{ StringNotEquals: { "sts:ExternalId": "secret-1" } }, false],
  [{ StringEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } }, false],
  [{ StringEqualsIfExists: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } }, true],
  [{ ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/Exp*" } }, true],
  [{ ArnEquals: { "aws:PrincipalArn": "arn:aws:iam::200000000000:role/Exporter" } }, true],
  [{ ArnLike: { "aws:PrincipalArn": "arn:*:role/Exporter" } }, false],
])("the condition %j", (condition, expected) => {
  expect(decide(allow("*", condition))).toBe(expected);
});

it("lets a denial win", () => {
  expect(decide(allow("*"), { ...allow("*"), Effect: "Deny" })).toBe(false);
});

it("does not guess what an unknown operator means", () => {
  expect(() => decide(allow("*", { IpAddress: { "aws:SourceIp": "10.0.0.0/8" } }))).toThrow(
    "IpAddress is not supported",
  );
});

import { Resolver } from "../../../apps/emulator/cloudformation/intrinsics";
import { Template } from "../../../apps/emulator/cloudformation/template";

function resolver(template: object, parameters: Record<string, string> = {}, region = "eu-central-1") {
  return new Resolver({
    stackName: "Stack",
    environment: { account: "111122223333", region },
    template: Template.parse({ Resources: {}, ...template }),
    parameters,
    imports: (name) => (name === "Exported" ? "imported" : undefined),
  });
}

const resources = {
  Resources: {
    Bucket: { Type: "AWS::S3::Bucket", Properties: { BucketName: { "Fn::Sub": `logs-\${AWS::Region}` } } },
    Role: { Type: "AWS::IAM::Role", Properties: { RoleName: "Reader" } },
  },
  Parameters: { Given: { Type: "String" }, Defaulted: { Type: "String", Default: "default" } },
  Conditions: { InEurope: { "Fn::Not": [{ "Fn::Equals": [{ Ref: "AWS::Region" }, "us-east-1"] }] } },
};

const values: readonly [string, unknown, unknown][] = [
  ["Ref of a resource", { Ref: "Bucket" }, "logs-eu-central-1"],
  ["Ref of a parameter", { Ref: "Given" }, "given"],
  ["Ref of a parameter with a default", { Ref: "Defaulted" }, "default"],
  ["a pseudo-parameter", { Ref: "AWS::AccountId" }, "111122223333"],
  ["Fn::GetAtt", { "Fn::GetAtt": ["Role", "Arn"] }, "arn:aws:iam::111122223333:role/Reader"],
  ["Fn::Join", { "Fn::Join": ["/", ["a", { Ref: "Given" }]] }, "a/given"],
  [
    "Fn::Sub",
    { "Fn::Sub": `\${Bucket}:\${Role.Arn}:\${!Kept}` },
    `logs-eu-central-1:arn:aws:iam::111122223333:role/Reader:\${Kept}`,
  ],
  ["Fn::Sub with values", { "Fn::Sub": [`\${A}-\${Given}`, { A: { Ref: "Bucket" } }] }, "logs-eu-central-1-given"],
  ["Fn::Select of Fn::Split", { "Fn::Select": [1, { "Fn::Split": [":", "a:b:c"] }] }, "b"],
  ["Fn::If", { "Fn::If": ["InEurope", "yes", "no"] }, "yes"],
  ["AWS::NoValue", { a: { Ref: "AWS::NoValue" }, b: [{ Ref: "AWS::NoValue" }, 1] }, { b: [1] }],
  ["Fn::ImportValue", { "Fn::ImportValue": "Exported" }, "imported"],
];

test.each(values)("%s has its value", (_, template, value) => {
  expect(resolver(resources, { Given: "given" }).resolve(template)).toEqual(value);
});

test.each([
  ["eu-central-1", "aws", "amazonaws.com"],
  ["cn-north-1", "aws-cn", "amazonaws.com.cn"],
  ["us-gov-west-1", "aws-us-gov", "amazonaws.com"],
])("the partition and suffix are those of %s", (region, partition, suffix) => {
  const found = resolver({}, {}, region).resolve([{ Ref: "AWS::Partition" }, { Ref: "AWS::URLSuffix" }]);
  expect(found).toEqual([partition, suffix]);
});

const unknown: readonly [string, unknown][] = [
  ["Fn::Cidr", { "Fn::Cidr": ["10.0.0.0/8", 1, 1] }],
  ["Nothing", { Ref: "Nothing" }],
  ["Given", { Ref: "Given" }],
  ["WebsiteURL", { "Fn::GetAtt": ["Bucket", "WebsiteURL"] }],
  ["Missing", { "Fn::ImportValue": "Missing" }],
];

test.each(unknown)("what has no value is refused by its name: %s", (name, template) => {
  expect(() => resolver(resources).resolve(template)).toThrow(name);
});

test("a resource of a type that is not emulated is refused by its type and name", () => {
  const template = { Resources: { Net: { Type: "AWS::EC2::VPC" } } };
  expect(() => resolver(template).values("Net")).toThrow("resource Net is of type AWS::EC2::VPC");
});

test("a resource whose condition does not hold is left out", () => {
  const template = {
    Conditions: { Never: { "Fn::Equals": ["a", "b"] } },
    Resources: { Key: { Type: "AWS::KMS::Key", Condition: "Never" } },
  };
  expect(resolver(template).resources).toEqual([]);
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { archiveBucketName } from "../../handlers/archive/layout";
import { example, type Resource, synthesise } from "./synthesise";

/** By what CloudFormation knows a resource that is there. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resource-import-supported-resources.html */
const identifiers: Readonly<Record<string, string>> = {
  "AWS::S3::Bucket": "BucketName",
  "AWS::S3::BucketPolicy": "Bucket",
  "AWS::KMS::Key": "KeyId",
  "AWS::Logs::LogGroup": "LogGroupName",
};

const text = readFileSync(join(__dirname, "..", "..", "docs", "changing-the-deployment.md"), "utf8");
const mapping = z
  .record(z.string(), z.record(z.string(), z.string()))
  .parse(JSON.parse(/```json\n([\s\S]+?)```/.exec(text)?.[1] ?? ""));

const account = "444455556666";
const template = (encryption: "kms" | "s3", region: string) =>
  synthesise({ ...example, encryption, logArchiveAccount: account })[`OrgLogArchive-${region}`]?.Resources ?? {};
const encrypted = template("kms", "eu-central-1");

/** Resources that outlive their stack, and that the next one would want to create again or uses. */
function staying(resources: Readonly<Record<string, Resource>>): string[] {
  return (
    Object.entries(resources)
      .filter(([, { DeletionPolicy }]) => DeletionPolicy?.startsWith("Retain"))
      // Their names are CloudFormation's: the next stack has others.
      .filter(([, { Type, Properties }]) => Type !== "AWS::Logs::LogGroup" || Properties.LogGroupName !== undefined)
      .map(([id]) => id)
  );
}

test("what the documentation imports over a bucket that stayed is all that stays, by CloudFormation's identifiers", () => {
  expect(Object.keys(mapping).sort()).toEqual(staying(encrypted).sort());
  for (const [id, identifier] of Object.entries(mapping))
    expect([id, Object.keys(identifier)]).toEqual([id, [identifiers[encrypted[id]?.Type ?? ""]]]);
});

test("its names are those of the template, in every Region and with either encryption", () => {
  const bucket = archiveBucketName(account, "eu-central-1");
  expect(mapping).toMatchObject({
    ArchiveBucket49F1AC64: { BucketName: bucket },
    ArchiveBucketPolicy13E3D5ED: { Bucket: bucket },
    RunLog9E0A2CAB: { LogGroupName: encrypted.RunLog9E0A2CAB?.Properties.LogGroupName },
  });
  expect(encrypted.ArchiveBucket49F1AC64?.Properties.BucketName).toBe(bucket);
  const plain = staying(template("s3", "us-east-1"));
  expect(plain.sort()).toEqual(
    Object.keys(mapping)
      .filter((id) => id !== "ArchiveKey830AE853")
      .sort(),
  );
});

test("what is imported refers to nothing else: the stack can be created of it alone", () => {
  for (const resources of [encrypted, template("s3", "eu-central-1")]) {
    const imported = staying(resources);
    for (const id of imported)
      for (const other of references(resources[id]))
        expect([id, other, imported.includes(other)]).toEqual([id, other, true]);
  }
});

/** Logical ids in `Ref`, `Fn::GetAtt` and `DependsOn`, but for CloudFormation's own parameters. */
function references(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, member]): string[] => {
    if (key === "Ref" && typeof member === "string") return member.startsWith("AWS::") ? [] : [member];
    if (key === "Fn::GetAtt" && Array.isArray(member)) return [String(member[0])];
    if (key === "DependsOn") return [member].flat().map(String);
    return references(member);
  });
}

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export const central = "111122223333";

const trust = (service: string) => ({
  Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: service } }],
});
export const role = (service: string) => ({
  Type: "AWS::IAM::Role",
  Properties: { AssumeRolePolicyDocument: trust(service) },
});
export const arn = (logicalId: string) => ({ "Fn::GetAtt": [logicalId, "Arn"] });

/** A function, and a state machine that invokes it once. */
export const machine = {
  FunctionRole: role("lambda.amazonaws.com"),
  Function: {
    Type: "AWS::Lambda::Function",
    Properties: {
      Code: { S3Bucket: { "Fn::Sub": `assets-\${AWS::Region}` }, S3Key: "abc.zip" },
      Handler: "index.handler",
      Runtime: "nodejs24.x",
      Role: arn("FunctionRole"),
    },
  },
  MachineRole: role("states.amazonaws.com"),
  Machine: {
    Type: "AWS::StepFunctions::StateMachine",
    Properties: {
      StateMachineName: "Daily",
      RoleArn: arn("MachineRole"),
      DefinitionString: {
        "Fn::Join": [
          "",
          [
            '{"QueryLanguage":"JSONata","StartAt":"Work","States":{"Work":{"Type":"Task","End":true,"Resource":"arn:',
            { Ref: "AWS::Partition" },
            ':states:::lambda:invoke","Arguments":{"FunctionName":"',
            arn("Function"),
            '","Payload":"{% $states.input %}"},"Output":"{% $states.result.Payload %}"}}}',
          ],
        ],
      },
    },
  },
};

/** Writes a stack of these resources as `cdk synth` would have, with the code of its function. */
export function writeAssembly(directory: string, Resources: object, code: string): void {
  const write = (name: string, content: object) => writeFileSync(join(directory, name), JSON.stringify(content));
  mkdirSync(join(directory, "asset.abc"));
  writeFileSync(join(directory, "asset.abc", "index.js"), code);
  write("manifest.json", {
    artifacts: {
      Stack: {
        type: "aws:cloudformation:stack",
        environment: `aws://${central}/eu-central-1`,
        dependencies: ["Stack.assets"],
        properties: { templateFile: "Stack.template.json" },
      },
      "Stack.assets": { type: "cdk:asset-manifest", properties: { file: "Stack.assets.json" } },
    },
  });
  write("Stack.assets.json", {
    files: {
      abc: { source: { path: "asset.abc", packaging: "zip" }, destinations: { here: { objectKey: "abc.zip" } } },
    },
  });
  const Outputs = "Machine" in Resources ? { Machine: { Value: { Ref: "Machine" } } } : {};
  write("Stack.template.json", { Resources, Outputs });
}

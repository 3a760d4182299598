import type { Random } from "../random";
import { iso, oneLine, publicAddress } from "./content";

interface Call {
  readonly service: string;
  readonly name: string;
  readonly readOnly: boolean;
  readonly parameters: (random: Random) => Record<string, unknown> | null;
}

const calls: readonly [Call, ...Call[]] = [
  { service: "sts", name: "GetCallerIdentity", readOnly: true, parameters: () => null },
  {
    service: "ec2",
    name: "DescribeInstances",
    readOnly: true,
    parameters: () => ({ maxResults: 1000, filterSet: {} }),
  },
  {
    service: "s3",
    name: "GetBucketLocation",
    readOnly: true,
    parameters: (random) => ({ bucketName: `data-${random.hex(6)}` }),
  },
  { service: "kms", name: "Decrypt", readOnly: true, parameters: () => ({ encryptionAlgorithm: "SYMMETRIC_DEFAULT" }) },
  {
    service: "logs",
    name: "CreateLogStream",
    readOnly: false,
    parameters: (random) => ({ logGroupName: "/aws/lambda/jobs", logStreamName: random.hex(32) }),
  },
  {
    service: "iam",
    name: "CreateAccessKey",
    readOnly: false,
    parameters: (random) => ({ userName: random.pick(["ci", "backup", "émilie"]) }),
  },
  {
    service: "ssm",
    name: "GetParametersByPath",
    readOnly: true,
    parameters: () => ({ path: "/app/", recursive: true }),
  },
];

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html */
export const cloudTrailRecord = oneLine((random, at, { account, region }) => {
  const call = random.pick(calls);
  const role = random.pick(["deploy", "app-server", "ReadOnly", "AWSReservedSSO_Administrator"]);
  const denied = random.chance(3);
  return JSON.stringify({
    eventVersion: "1.11",
    userIdentity: {
      type: "AssumedRole",
      principalId: `AROA${random.hex(17).toUpperCase()}:${role}-session`,
      arn: `arn:aws:sts::${account}:assumed-role/${role}/${role}-session`,
      accountId: account,
    },
    eventTime: `${iso(at).slice(0, 19)}Z`,
    eventSource: `${call.service}.amazonaws.com`,
    eventName: call.name,
    awsRegion: region,
    sourceIPAddress: publicAddress(random),
    userAgent: random.pick(["aws-cli/2.31.4", "Boto3/1.43.107", "aws-sdk-js/3.1169.0", "console.amazonaws.com"]),
    ...(denied
      ? { errorCode: "AccessDenied", errorMessage: `User is not authorized to perform: ${call.service}:${call.name}` }
      : {}),
    requestParameters: call.parameters(random),
    responseElements: null,
    requestID: random.uuid(),
    eventID: random.uuid(),
    readOnly: call.readOnly,
    eventType: "AwsApiCall",
    managementEvent: true,
    recipientAccountId: account,
    eventCategory: "Management",
  });
});

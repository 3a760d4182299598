import { seededKeyId, seededUuid } from "../world/seeded";
import { type Environment, partitionOf, urlSuffixOf } from "./environment";

/** What `Ref` and `Fn::GetAtt` give for a resource. */
export interface ResourceValues {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface NamedResource {
  readonly environment: Environment;
  readonly stackName: string;
  readonly logicalId: string;
  /** The resolved value of a property, if it is a string. */
  readonly property: (name: string) => string | undefined;
}

type Values = (resource: Names) => ResourceValues;

/** The names that a resource has or is given. */
interface Names {
  /** The named property, or a generated name. */
  name(property: string): string;
  arn(service: string, rest: string): string;
  /** Without a Region, as global services have it. */
  globalArn(service: string, account: boolean, rest: string): string;
  readonly uuid: string;
  readonly environment: Environment;
}

const byName =
  (property: string): Values =>
  ({ name }) => ({ ref: name(property), attributes: {} });

/** Nothing refers to it by a name of its own. */
const unnamed: Values = byName("");

/** A name as `Ref`, an ARN as attribute. */
const withArn =
  (property: string, service: string, resource: string): Values =>
  ({ name, arn }) => ({
    ref: name(property),
    attributes: { Arn: arn(service, `${resource}${name(property)}`) },
  });

/** Types that the emulator knows. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/ */
const types: Readonly<Record<string, Values>> = {
  "AWS::Athena::NamedQuery": ({ uuid }) => ({ ref: uuid, attributes: { NamedQueryId: uuid } }),
  "AWS::Athena::WorkGroup": byName("Name"),
  "AWS::CDK::Metadata": byName("Name"),
  "AWS::CloudFormation::StackSet": ({ name, uuid }) => ({
    ref: `${name("StackSetName")}:${uuid}`,
    attributes: { StackSetId: `${name("StackSetName")}:${uuid}` },
  }),
  "AWS::CloudWatch::Alarm": withArn("AlarmName", "cloudwatch", "alarm:"),
  "AWS::CloudWatch::CompositeAlarm": withArn("AlarmName", "cloudwatch", "alarm:"),
  "AWS::CloudWatch::Dashboard": byName("DashboardName"),
  "AWS::Events::Rule": withArn("Name", "events", "rule/"),
  "AWS::Glue::Database": byName("DatabaseName"),
  "AWS::Glue::Table": byName("TableName"),
  "AWS::IAM::ManagedPolicy": ({ name, globalArn }) => {
    const ref = globalArn("iam", true, `policy/${name("ManagedPolicyName")}`);
    return { ref, attributes: { PolicyArn: ref } };
  },
  "AWS::IAM::Policy": byName("PolicyName"),
  "AWS::IAM::Role": ({ name, globalArn, uuid }) => ({
    ref: name("RoleName"),
    attributes: { Arn: globalArn("iam", true, `role/${name("RoleName")}`), RoleId: seededKeyId("AROA", 0, uuid) },
  }),
  "AWS::KMS::Alias": byName("AliasName"),
  "AWS::KMS::Key": ({ uuid, arn }) => ({ ref: uuid, attributes: { Arn: arn("kms", `key/${uuid}`), KeyId: uuid } }),
  "AWS::Lambda::EventInvokeConfig": unnamed,
  "AWS::Lambda::Function": withArn("FunctionName", "lambda", "function:"),
  "AWS::Lambda::Permission": unnamed,
  "AWS::Logs::LogGroup": ({ name, arn }) => ({
    ref: name("LogGroupName"),
    attributes: { Arn: arn("logs", `log-group:${name("LogGroupName")}:*`) },
  }),
  "AWS::Logs::MetricFilter": byName("FilterName"),
  "AWS::Logs::ResourcePolicy": byName("PolicyName"),
  "AWS::S3::Bucket": ({ name, globalArn, environment: { region } }) => {
    const ref = name("BucketName").toLowerCase();
    const suffix = urlSuffixOf(region);
    return {
      ref,
      attributes: {
        Arn: globalArn("s3", false, ref),
        DomainName: `${ref}.s3.${suffix}`,
        RegionalDomainName: `${ref}.s3.${region}.${suffix}`,
      },
    };
  },
  "AWS::S3::BucketPolicy": unnamed,
  "AWS::SNS::Subscription": ({ uuid, arn }) => ({ ref: arn("sns", uuid), attributes: { Arn: arn("sns", uuid) } }),
  "AWS::SNS::Topic": ({ name, arn }) => {
    const ref = arn("sns", name("TopicName"));
    return { ref, attributes: { TopicArn: ref, TopicName: name("TopicName") } };
  },
  "AWS::SNS::TopicPolicy": unnamed,
  "AWS::SQS::Queue": ({ name, arn, environment: { account, region } }) => {
    const queue = name("QueueName");
    const ref = `https://sqs.${region}.${urlSuffixOf(region)}/${account}/${queue}`;
    return { ref, attributes: { Arn: arn("sqs", queue), QueueName: queue, QueueUrl: ref } };
  },
  "AWS::SQS::QueuePolicy": unnamed,
  "AWS::Scheduler::Schedule": withArn("Name", "scheduler", "schedule/default/"),
  "AWS::Scheduler::ScheduleGroup": withArn("Name", "scheduler", "schedule-group/"),
  "AWS::StepFunctions::StateMachine": ({ name, arn }) => {
    const ref = arn("states", `stateMachine:${name("StateMachineName")}`);
    return { ref, attributes: { Arn: ref, Name: name("StateMachineName") } };
  },
};

/** The values of a resource of a known type; undefined for other types. */
export function valuesOf(type: string, resource: NamedResource): ResourceValues | undefined {
  const { environment, stackName, logicalId, property } = resource;
  const { account, region } = environment;
  const partition = partitionOf(region);
  const uuid = seededUuid(0, account, region, stackName, logicalId);
  return types[type]?.({
    environment,
    uuid,
    name: (from) => property(from) ?? `${stackName}-${logicalId}-${uuid.slice(0, 8)}`.slice(-64),
    arn: (service, rest) => `arn:${partition}:${service}:${region}:${account}:${rest}`,
    globalArn: (service, hasAccount, rest) => `arn:${partition}:${service}::${hasAccount ? account : ""}:${rest}`,
  });
}

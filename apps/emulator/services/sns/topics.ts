import { z } from "zod";
import { resourcesOf, type Stack } from "../../cloudformation/stack";
import { awsQuery } from "../../protocols/aws-query";
import { ServiceError, stsErrors } from "../../service/errors";
import { operation, type Service } from "../../service/service";
import { seededUuid } from "../../world/seeded";

/** A message as it was published. */
export interface PublishedMessage {
  readonly topicArn: string;
  readonly subject?: string;
  readonly message: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

const TopicProperties = z.object({ KmsMasterKeyId: z.string().optional() });

/** https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
const Publish = z.object({
  TopicArn: z.string(),
  Message: z.string().min(1),
  Subject: z
    .string()
    .max(100)
    // Control characters are refused, and so is what ASCII does not have.
    .regex(/^[\x20-\x7e]+$/)
    .optional(),
});

const mostBytes = 256 * 1024;

/** The topics of all accounts and Regions, without subscriptions. */
export class Topics {
  /** In the order in which they were published. */
  readonly published: PublishedMessage[] = [];
  /** The key that encrypts a topic's messages, by the topic's ARN. */
  private readonly topics = new Map<string, string | undefined>();

  constructor(private readonly seed: number) {}

  readonly service: Service = {
    protocol: awsQuery,
    errors: { ...stsErrors, denied: (message) => new ServiceError("AuthorizationError", message, 403) },
    operations: {
      Publish: operation({
        input: Publish,
        access: ({ TopicArn }) => ({ action: "sns:Publish", resource: TopicArn }),
        run: async ({ input: { TopicArn, Message, Subject }, denial, now, region }) => {
          if (!this.topics.has(TopicArn)) throw new ServiceError("NotFound", "Topic does not exist", 404);
          if (Buffer.byteLength(Message) > mostBytes)
            throw new ServiceError("InvalidParameter", "Invalid parameter: Message too long");
          const key = this.topics.get(TopicArn);
          // https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
          for (const action of key === undefined ? [] : ["kms:GenerateDataKey", "kms:Decrypt"]) {
            const context = { "kms:ViaService": `sns.${region}.amazonaws.com` };
            const reason = await denial({ action, resource: key ?? "", context });
            if (reason !== undefined) throw new ServiceError("KMSAccessDenied", reason, 400);
          }
          const subject = Subject === undefined ? {} : { subject: Subject };
          this.published.push({ topicArn: TopicArn, message: Message, at: now, ...subject });
          return { MessageId: seededUuid(this.seed, "message", this.published.length) };
        },
      }),
    },
    deploy: (stack) => this.deploy(stack),
  };

  private deploy(stack: Stack): void {
    for (const { ref, read } of resourcesOf(stack, "AWS::SNS::Topic", TopicProperties))
      this.topics.set(ref, read.KmsMasterKeyId);
  }
}

import { Annotations } from "aws-cdk-lib";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";
import { AlarmTopic } from "./alarm-topic";
import { Alarms, type AlarmsProps } from "./alarms";
import { RunDashboard } from "./run-dashboard";

export interface OperationsProps {
  readonly key: IKey;
  readonly logArchiveAccount: string;
  readonly emails: readonly string[];
}

/** How people learn that a Region's runs need them. */
export class Operations extends Construct {
  readonly topic: ITopic;

  constructor(scope: Construct, id: string, props: OperationsProps) {
    super(scope, id);
    const { emails } = props;
    this.topic = new AlarmTopic(this, "AlarmTopic", props).topic;
    if (emails.length === 0)
      Annotations.of(this).addWarningV2(
        "org-log-archive:no-one-is-told",
        "notify.emails is empty: alarms reach no one, unless something else subscribes to the topic.",
      );
  }

  /** Tells the topic when something of a Region's runs needs a person, and shows how the runs are. */
  watch(props: Omit<AlarmsProps, "topic">): void {
    const { alarms } = new Alarms(this, "Alarms", { ...props, topic: this.topic });
    new RunDashboard(this, "Dashboard", { ...props, alarms });
  }
}

import { Construct } from "constructs";
import { AuditorPolicy } from "../archive/auditor-policy";
import { AuditDatabase } from "../audit/audit-database";
import type { Configuration } from "../configuration";
import { OperatorPolicy } from "../operations/operator-policy";
import { OperatorRole } from "../operations/operator-role";

export interface HomeRegionProps {
  readonly configuration: Configuration;
}

/** What there is once, over the archives of all Regions: the auditors' and the operators' side. */
export class HomeRegion extends Construct {
  readonly auditorPolicy: AuditorPolicy;

  constructor(scope: Construct, id: string, { configuration }: HomeRegionProps) {
    super(scope, id);
    const { logArchiveAccount, homeRegion: region, signing } = configuration;
    const props = { logArchiveAccount, region, signingKeyArn: signing.keyArn };
    this.auditorPolicy = new AuditorPolicy(this, "AuditorPolicy", props);
    new OperatorRole(this, "OperatorRole", { logArchiveAccount, region });
    new OperatorPolicy(this, "OperatorPolicy", props);
    new AuditDatabase(this, "AuditDatabase", { configuration }).grantRead(this.auditorPolicy.managedPolicy);
  }
}

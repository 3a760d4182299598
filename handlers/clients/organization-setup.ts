import { AccountClient, ListRegionsCommand } from "@aws-sdk/client-account";
import {
  DescribeOrganizationCommand,
  ListAWSServiceAccessForOrganizationCommand,
  ListDelegatedAdministratorsCommand,
  OrganizationsClient,
} from "@aws-sdk/client-organizations";
import { clientConfiguration } from "./configuration";
import { type RetrySource, withRetries } from "./retries";

/** What an organisation and an account have to be set to before anything can be archived, by the environment's credentials. */
export class OrganizationSetup {
  private readonly organizations: OrganizationsClient;
  private readonly account: AccountClient;

  constructor(
    region: string,
    private readonly source: RetrySource,
  ) {
    this.organizations = new OrganizationsClient(clientConfiguration(region));
    this.account = new AccountClient(clientConfiguration(region));
  }

  async organizationId(): Promise<string> {
    const command = new DescribeOrganizationCommand({});
    const { Organization } = await withRetries(this.source, () => this.organizations.send(command));
    return Organization?.Id ?? "";
  }

  /** The accounts that administer a service for the organisation. */
  async delegatedAdministrators(ServicePrincipal: string): Promise<string[]> {
    const found: string[] = [];
    let token: string | undefined;
    do {
      const input = { ServicePrincipal, ...(token ? { NextToken: token } : {}) };
      const command = new ListDelegatedAdministratorsCommand(input);
      const page = await withRetries(this.source, () => this.organizations.send(command));
      for (const { Id } of page.DelegatedAdministrators ?? []) if (Id) found.push(Id);
      token = page.NextToken;
    } while (token);
    return found;
  }

  /** The services that have trusted access to the organisation. */
  async trustedServices(): Promise<string[]> {
    const found: string[] = [];
    let token: string | undefined;
    do {
      const command = new ListAWSServiceAccessForOrganizationCommand(token ? { NextToken: token } : {});
      const page = await withRetries(this.source, () => this.organizations.send(command));
      for (const { ServicePrincipal } of page.EnabledServicePrincipals ?? [])
        if (ServicePrincipal) found.push(ServicePrincipal);
      token = page.NextToken;
    } while (token);
    return found;
  }

  /** The Regions that our own account has enabled. */
  async enabledRegions(): Promise<string[]> {
    const found: string[] = [];
    let token: string | undefined;
    do {
      const command = new ListRegionsCommand({
        RegionOptStatusContains: ["ENABLED", "ENABLED_BY_DEFAULT"],
        MaxResults: 50,
        ...(token ? { NextToken: token } : {}),
      });
      const page = await withRetries(this.source, () => this.account.send(command));
      for (const { RegionName } of page.Regions ?? []) if (RegionName) found.push(RegionName);
      token = page.NextToken;
    } while (token);
    return found;
  }
}

import { AccountClient, ListRegionsCommand, type ListRegionsCommandInput } from "@aws-sdk/client-account";
import {
  DescribeOrganizationCommand,
  ListAWSServiceAccessForOrganizationCommand,
  ListDelegatedAdministratorsCommand,
  OrganizationsClient,
} from "@aws-sdk/client-organizations";
import { clientConfiguration } from "./configuration";
import { pages } from "./pages";
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
    const ask = (next: object) =>
      withRetries(this.source, () =>
        this.organizations.send(new ListDelegatedAdministratorsCommand({ ServicePrincipal, ...next })),
      );
    const found: string[] = [];
    for await (const { DelegatedAdministrators = [] } of pages(ask))
      found.push(...DelegatedAdministrators.flatMap(({ Id }) => Id ?? []));
    return found;
  }

  /** The services that have trusted access to the organisation. */
  async trustedServices(): Promise<string[]> {
    const ask = (next: object) =>
      withRetries(this.source, () => this.organizations.send(new ListAWSServiceAccessForOrganizationCommand(next)));
    const found: string[] = [];
    for await (const { EnabledServicePrincipals = [] } of pages(ask))
      found.push(...EnabledServicePrincipals.flatMap(({ ServicePrincipal }) => ServicePrincipal ?? []));
    return found;
  }

  /** The Regions that our own account has enabled. */
  async enabledRegions(): Promise<string[]> {
    const enabled: ListRegionsCommandInput = {
      RegionOptStatusContains: ["ENABLED", "ENABLED_BY_DEFAULT"],
      MaxResults: 50,
    };
    const ask = (next: object) =>
      withRetries(this.source, () => this.account.send(new ListRegionsCommand({ ...enabled, ...next })));
    const found: string[] = [];
    for await (const { Regions = [] } of pages(ask))
      found.push(...Regions.flatMap(({ RegionName }) => RegionName ?? []));
    return found;
  }
}

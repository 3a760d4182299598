import { type Account, ListAccountsCommand, OrganizationsClient } from "@aws-sdk/client-organizations";
import { clientConfiguration } from "./configuration";
import { pages } from "./pages";
import { type RetrySource, withRetries } from "./retries";

/** An account as AWS Organizations lists it. */
export interface OrganizationAccount {
  readonly id: string;
  readonly name: string;
  /** As `State` says; an account in a state unknown to us is not archived. */
  readonly state: string;
  readonly isManagementAccount: boolean;
  /** The organisational units above the account, as `o-…/r-…/ou-…/<account>/`. */
  readonly paths: readonly string[];
}

/** The most that ListAccounts gives at a time. https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAccounts.html */
const pageSize = 20;

export class Organizations {
  private readonly client: OrganizationsClient;

  constructor(
    region: string,
    private readonly source: RetrySource,
  ) {
    this.client = new OrganizationsClient(clientConfiguration(region));
  }

  /** Every account of the organisation. */
  async *accounts(): AsyncGenerator<OrganizationAccount> {
    const ask = (next: object) =>
      withRetries(this.source, () => this.client.send(new ListAccountsCommand({ MaxResults: pageSize, ...next })));
    for await (const { Accounts = [] } of pages(ask)) for (const account of Accounts) yield toAccount(account);
  }
}

function toAccount(account: Account): OrganizationAccount {
  return {
    id: account.Id ?? "",
    name: account.Name ?? "",
    // `Status` was to be retired on 2026-09-09: it counts only where `State` is absent.
    state: account.State ?? account.Status ?? "UNKNOWN",
    // The ARN of every account names the management account: arn:aws:organizations::<management account>:account/<org>/<id>
    isManagementAccount: account.Arn?.split(":")[4] === account.Id,
    paths: account.Paths ?? [],
  };
}

import { DescribeExportTasksCommand, DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { ListAccountsCommand, paginateListAccounts } from "@aws-sdk/client-organizations";
import { errorName } from "../services/logs/exports";
import { archive, closeAll, createdAt, emulate, management, member, region, world } from "../support/organisation";

afterEach(closeAll);

it("throttles DescribeExportTasks at 5 requests a second, per account", async () => {
  const { logs, clock } = await emulate();
  const describe = (account?: string): Promise<string> =>
    errorName(logs(account).send(new DescribeExportTasksCommand({})));
  for (let count = 0; count < 5; count++) expect(await describe()).toBe("no error");
  expect(await describe()).toBe("ThrottlingException");
  expect(await describe(archive)).toBe("no error");
  clock.advance(200);
  expect(await describe()).toBe("no error");
  expect(await describe()).toBe("ThrottlingException");
});

it("throttles Organizations with its own error, and all accounts together", async () => {
  const { organizations } = await emulate();
  const list = (account: string): Promise<string> =>
    errorName(organizations(account).send(new ListAccountsCommand({})));
  for (let count = 0; count < 12; count++) expect(await list(archive)).toBe("no error");
  expect(await list(archive)).toBe("TooManyRequestsException");
  for (let count = 0; count < 3; count++) expect(await list(management)).toBe("no error");
  expect(await list(management)).toBe("TooManyRequestsException");
});

it("answers every account, 20 at most on a page, with an empty page", async () => {
  const { organizations } = await emulate({ world: world([], 42) });
  const sizes: number[] = [];
  for await (const { Accounts } of paginateListAccounts({ client: organizations() }, {}))
    sizes.push(Accounts?.length ?? -1);
  expect(sizes).toEqual([20, 0, 20, 5]);
  expect(await errorName(organizations().send(new ListAccountsCommand({ MaxResults: 21 })))).toBe(
    "InvalidInputException",
  );
});

it("describes an account with its state, its path and when it joined", async () => {
  const { organizations } = await emulate();
  const { Accounts } = await organizations().send(new ListAccountsCommand({}));
  expect(Accounts?.[2]).toMatchObject({
    Id: member,
    Arn: `arn:aws:organizations::${management}:account/o-a1b2c3d4e5/${member}`,
    State: "ACTIVE",
    Paths: [`o-a1b2c3d4e5/r-a1b2/ou-a1b2-workload/ou-a1b2-products/${member}/`],
    JoinedTimestamp: new Date(createdAt),
  });
});

it("lets only the management account and the delegated administrator list accounts", async () => {
  const { organizations } = await emulate();
  expect(await errorName(organizations(member).send(new ListAccountsCommand({})))).toBe("AccessDeniedException");
});

it("names an operation or a service that it does not have", async () => {
  const { endpoint } = await emulate();
  const request = (service: string): Promise<Response> =>
    fetch(endpoint, {
      method: "POST",
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=${member}/20261120/${region}/${service}/aws4_request, Signature=none`,
        "x-amz-target": "Logs_20140328.PutLogEvents",
      },
      body: "{}",
    });
  expect(await (await request("logs")).json()).toEqual({
    __type: "UnknownOperationException",
    message: "PutLogEvents is not emulated",
  });
  expect(await (await request("ec2")).json()).toEqual({
    __type: "UnknownOperationException",
    message: "The service ec2 is not emulated",
  });
});

it("does not know other access keys", async () => {
  const { logs } = await emulate();
  expect(await errorName(logs("AKIAUNKNOWN").send(new DescribeLogGroupsCommand({})))).toBe(
    "UnrecognizedClientException",
  );
});

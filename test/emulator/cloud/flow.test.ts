import { gunzipSync } from "node:zlib";
import {
  CreateExportTaskCommand,
  DescribeExportTasksCommand,
  DescribeLogGroupsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { ListAccountsCommand } from "@aws-sdk/client-organizations";
import { GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { AssumeRoleCommand } from "@aws-sdk/client-sts";
import { archive, bucket, closeAll, createRoles, day, emulate, externalId, member } from "../support/organisation";

afterEach(closeAll);

it("lets the whole flow run: accounts, member role, log groups, export, archive", async () => {
  const emulated = await emulate();
  const { exporter, memberRole } = createRoles(emulated.cloud);

  const { Accounts } = await emulated.organizations(archive, exporter).send(new ListAccountsCommand({}));
  expect(Accounts?.find(({ Id }) => Id === member)?.Paths).toEqual([
    `o-a1b2c3d4e5/r-a1b2/ou-a1b2-workload/ou-a1b2-products/${member}/`,
  ]);

  const assumed = await emulated
    .sts(archive, exporter)
    .send(new AssumeRoleCommand({ RoleArn: memberRole, RoleSessionName: "run", ExternalId: externalId }));
  const { AccessKeyId = "", SecretAccessKey = "", SessionToken = "" } = assumed.Credentials ?? {};
  const session = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };

  const logs = emulated.logs(member, session);
  const { logGroups } = await logs.send(new DescribeLogGroupsCommand({}));
  expect(logGroups?.map(({ logGroupName }) => logGroupName)).toEqual(["/app/web"]);

  const destinationPrefix = `${member}/2026-11-19`;
  const { taskId } = await logs.send(
    new CreateExportTaskCommand({ logGroupName: "/app/web", ...day, destination: bucket, destinationPrefix }),
  );
  emulated.clock.advance(60_000);
  const { exportTasks } = await logs.send(new DescribeExportTasksCommand({ taskId }));
  expect(exportTasks?.[0]?.status?.code).toBe("COMPLETED");

  const s3 = emulated.s3(archive, exporter);
  const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: `${destinationPrefix}/` }));
  const keys = Contents?.map(({ Key }) => Key);
  expect(keys).toEqual(
    [`${destinationPrefix}/${taskId}/main/000000.gz`, `${destinationPrefix}/aws-logs-write-test`].sort(),
  );
  const object = await s3.send(
    new GetObjectCommand({ Bucket: bucket, Key: `${destinationPrefix}/${taskId}/main/000000.gz` }),
  );
  const text = gunzipSync(await (object.Body?.transformToByteArray() ?? Buffer.alloc(0))).toString();
  expect(text).toBe("2026-11-19T00:00:01.000Z /app/web says hello\n");
});

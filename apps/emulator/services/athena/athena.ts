import type { GetWorkGroupOutput, ListTableMetadataOutput } from "@aws-sdk/client-athena";
import { z } from "zod";
import type { Environment } from "../../cloudformation/environment";
import { resourcesOf } from "../../cloudformation/stack";
import { awsJson } from "../../protocols/aws-json";
import { logsErrors, ServiceError } from "../../service/errors";
import { operation, type Service } from "../../service/service";

const Table = z.object({ DatabaseName: z.string(), TableInput: z.object({ Name: z.string() }) });

/** What Athena tells of workgroups and of Glue's tables; nothing is queried. */
export function athena(): Service {
  const workGroups = new Set<string>();
  const tables = new Map<string, Set<string>>();
  const place = ({ account, region }: Environment, name: string) => `${account} ${region} ${name}`;
  return {
    protocol: awsJson,
    errors: { ...logsErrors, invalid: (message) => new ServiceError("InvalidRequestException", message) },
    operations: {
      GetWorkGroup: operation({
        input: z.object({ WorkGroup: z.string() }),
        access: ({ WorkGroup }, { caller, region }) => ({
          action: "athena:GetWorkGroup",
          resource: `arn:aws:athena:${region}:${caller.account}:workgroup/${WorkGroup}`,
        }),
        run: ({ input: { WorkGroup }, caller, region }): GetWorkGroupOutput => {
          if (!workGroups.has(place({ account: caller.account, region }, WorkGroup)))
            throw new ServiceError("InvalidRequestException", `WorkGroup ${WorkGroup} is not found.`);
          return { WorkGroup: { Name: WorkGroup, State: "ENABLED" } };
        },
      }),
      ListTableMetadata: operation({
        input: z.object({ CatalogName: z.string(), DatabaseName: z.string() }),
        access: ({ CatalogName }, { caller, region }) => ({
          action: "athena:ListTableMetadata",
          resource: `arn:aws:athena:${region}:${caller.account}:datacatalog/${CatalogName}`,
        }),
        run: ({ input: { DatabaseName }, caller, region }): ListTableMetadataOutput => ({
          TableMetadataList: [...(tables.get(place({ account: caller.account, region }, DatabaseName)) ?? [])].map(
            (Name) => ({ Name }),
          ),
        }),
      }),
    },
    deploy: (stack) => {
      for (const { ref } of resourcesOf(stack, "AWS::Athena::WorkGroup", z.unknown()))
        workGroups.add(place(stack.environment, ref));
      for (const { read } of resourcesOf(stack, "AWS::Glue::Table", Table)) {
        const database = place(stack.environment, read.DatabaseName);
        tables.set(database, (tables.get(database) ?? new Set()).add(read.TableInput.Name));
      }
    },
  };
}

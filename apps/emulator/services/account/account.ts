import type { ListRegionsResponse } from "@aws-sdk/client-account";
import { z } from "zod";
import { restJson } from "../../protocols/rest-json";
import { logsErrors } from "../../service/errors";
import { operation, type Service } from "../../service/service";

/** AWS Account Management: every account has the Regions to which something was deployed. */
export function accountManagement(): Service {
  const regions = new Set<string>();
  return {
    protocol: restJson([{ operation: "ListRegions", method: "POST", path: /^\/listRegions$/ }]),
    errors: logsErrors,
    operations: {
      ListRegions: operation({
        input: z.object({}),
        access: () => ({ action: "account:ListRegions", resource: "*" }),
        run: (): ListRegionsResponse => ({
          Regions: [...regions].map((RegionName) => ({ RegionName, RegionOptStatus: "ENABLED_BY_DEFAULT" })),
        }),
      }),
    },
    deploy: ({ environment }) => {
      regions.add(environment.region);
    },
  };
}

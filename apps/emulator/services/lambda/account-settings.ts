import type { GetAccountSettingsResponse } from "@aws-sdk/client-lambda";
import { z } from "zod";
import { restJson } from "../../protocols/rest-json";
import { logsErrors } from "../../service/errors";
import { operation, type Service } from "../../service/service";

/** What Lambda grants every account. The functions themselves are deployed, and not called over the wire. */
export const lambda: Service = {
  protocol: restJson([{ operation: "GetAccountSettings", method: "GET", path: /^\/2016-08-19\/account-settings$/ }]),
  errors: logsErrors,
  operations: {
    GetAccountSettings: operation({
      input: z.object({}),
      access: () => ({ action: "lambda:GetAccountSettings", resource: "*" }),
      run: (): GetAccountSettingsResponse => ({
        AccountLimit: { ConcurrentExecutions: 1000, UnreservedConcurrentExecutions: 1000 },
      }),
    }),
  },
};

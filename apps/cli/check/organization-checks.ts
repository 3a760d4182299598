import { databaseName, dataCatalog, workGroupName } from "../../../constructs/audit/names";
import { stackSetName, stackSetsService } from "../../../constructs/names";
import { views } from "../../../handlers/archive/sql";
import type { Check, OrganizationPorts } from "./check";

const isDelegated = ({ configuration }: OrganizationPorts) => configuration.stackSet.callAs === "DELEGATED_ADMIN";

/** A stack instance that is as it should be: suspended accounts have none, and runs leave them out. */
const settled: readonly string[] = ["SUCCEEDED", "CURRENT", "SKIPPED_SUSPENDED_ACCOUNT"];

/** What is asked once, in the order in which one thing rests on another. */
export const organizationChecks: readonly Check<OrganizationPorts>[] = [
  {
    name: "organization",
    asks: "Are the credentials of an account of the configured organisation?",
    means: "Everything that names the organisation (bucket policy, member role) would refuse its own accounts.",
    cure: "Correct organizationId in cdk.json, or sign in to the organisation's log archive account.",
    run: async ({ configuration, setup }) => {
      const id = await setup.organizationId();
      return id === configuration.organizationId
        ? []
        : [`It is ${id}, and the configuration has ${configuration.organizationId}.`];
    },
  },
  {
    name: "trusted-access",
    asks: "Do StackSets have trusted access to the organisation?",
    means: "The member role does not reach accounts that join.",
    cure: "In the management account: aws cloudformation activate-organizations-access.",
    run: async ({ setup }) =>
      (await setup.trustedServices()).includes(stackSetsService) ? [] : [`${stackSetsService} has no trusted access.`],
  },
  {
    name: "delegated-administrator",
    asks: "Is the log archive account a delegated administrator for StackSets?",
    means: "It can neither list the organisation's accounts nor deploy the member role.",
    cure: `In the management account: aws organizations register-delegated-administrator --service-principal ${stackSetsService} --account-id, with the log archive account.`,
    applies: isDelegated,
    run: async ({ configuration, setup }) => {
      const administrators = await setup.delegatedAdministrators(stackSetsService);
      return administrators.includes(configuration.logArchiveAccount)
        ? []
        : [`The delegated administrators are ${administrators.join(", ") || "none"}.`];
    },
  },
  {
    name: "accounts",
    asks: "Can the organisation's accounts be listed, and are any to be archived?",
    means: "Runs end before they begin, or archive nothing.",
    cure: "Register the log archive account as a delegated administrator; correct targets in cdk.json.",
    run: async ({ accounts }) =>
      (await accounts()).some(({ skipped }) => !skipped)
        ? []
        : ["The configuration's targets hold no account that can be read."],
  },
  {
    name: "regions-enabled",
    asks: "Has the log archive account enabled every Region of the configuration?",
    means: "Nothing can be deployed there, and no account's logs of that Region can be archived.",
    cure: "Enable it: aws account enable-region --region-name, with that Region.",
    run: async ({ configuration, setup }) => {
      const enabled = await setup.enabledRegions();
      return configuration.regions
        .filter(({ name }) => !enabled.includes(name))
        .map(({ name }) => `${name} is not enabled.`);
    },
  },
  {
    name: "stack-set",
    asks: "Has the StackSet brought the member role to every account that is archived?",
    means: "The accounts named fail in every run.",
    cure: `Deploy OrgLogArchive-Members again, or retry the operation of the StackSet ${stackSetName}; an SCP may deny it.`,
    run: async ({ accounts, instances }) => {
      const found = await instances();
      return (await accounts()).flatMap(({ id, name, skipped }) => {
        const instance = found.get(id);
        if (skipped || (instance && settled.includes(instance.status))) return [];
        return [
          instance ? `${id} ${name}: ${instance.status} ${instance.reason}` : `${id} ${name}: has no stack instance`,
        ];
      });
    },
  },
  {
    name: "audit-database",
    asks: "Do Athena's workgroup, tables and views answer?",
    means: "Auditors cannot query; archiving is not touched.",
    cure: "Deploy the home Region's stack again. A table that another database administrator owns needs Lake Formation's grant.",
    run: async ({ home }) => {
      const state = await home.workGroupState(workGroupName);
      const tables = state === undefined ? [] : await home.tables(dataCatalog, databaseName);
      return [
        ...(state === "ENABLED" ? [] : [`The workgroup ${workGroupName} is ${state ?? "not there"}.`]),
        ...views
          .filter(({ name }) => state !== undefined && !tables.includes(name))
          .map(({ name }) => `The view ${name} is not there.`),
      ];
    },
  },
];

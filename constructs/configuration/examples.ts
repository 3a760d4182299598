import type { Configuration } from ".";

/** A field that still has the value with which `cdk.json` is shipped. */
export interface ExampleField {
  readonly path: string;
  readonly given: string;
}

/** AWS's documentation reserves these for examples: good for synth and the emulator, never a real organisation's. */
const exampleOrganization = "o-exampleorgid";
const exampleAccount = "111122223333";
const exampleExternalId = "example-external-id";
const exampleRoot = "r-examplerootid111";

export function exampleFields(configuration: Configuration): ExampleField[] {
  const { organizationId, logArchiveAccount, externalId, targets } = configuration;
  const unit = targets.organizationalUnits.indexOf(exampleRoot);
  const fields: (ExampleField & { example: string })[] = [
    { path: "organizationId", given: organizationId, example: exampleOrganization },
    { path: "logArchiveAccount", given: logArchiveAccount, example: exampleAccount },
    { path: "externalId", given: externalId, example: exampleExternalId },
    { path: `targets.organizationalUnits[${unit}]`, given: unit < 0 ? "" : exampleRoot, example: exampleRoot },
  ];
  return fields.filter(({ given, example }) => given === example).map(({ path, given }) => ({ path, given }));
}

export function isExample(configuration: Configuration): boolean {
  return exampleFields(configuration).length > 0;
}

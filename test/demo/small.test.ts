import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expectationText } from "../../apps/demo/expected-time";
import { demoOrganization } from "../../apps/demo/organization";
import { scenario } from "../../apps/demo/scenario";
import { smaller } from "../../apps/demo/small";
import { parseConfiguration } from "../../constructs/configuration";
import { example } from "../deploy/synthesise";

/** `--small`: enough of the organisation for a first look, and no more than ends in seconds. */

const given = {
  ...{ directory: ".emulator", assemblyDirectory: "cdk.out" },
  configuration: parseConfiguration({ ...example, regions: ["eu-central-1", "us-east-1"] }),
  organization: demoOrganization,
};
const worldOf = ({ configuration, organization }: typeof given) => scenario(configuration, 1, undefined, organization);

test("it is a part of the same organisation, with the log group that the README asks about", () => {
  const small = { ...given, ...smaller(given) };
  const [whole, part] = [worldOf(given).world, worldOf(small).world];
  expect(small.configuration.regions.map(({ name }) => name)).toEqual([given.configuration.homeRegion]);
  const days = part.logGroups.filter(({ name }) => name === "/ecs/ingest");
  expect(days).toMatchObject([{ account: whole.accounts.find(({ name }) => name === "prod-data")?.id }]);
  expect(part.accounts.length).toBeLessThan(whole.accounts.length / 2);
  expect(part.logGroups.length * small.configuration.lookbackDays).toBeLessThan(60);
});

test("it has every account and log group that the README's first commands name", () => {
  const readme = readFileSync(join(__dirname, "..", "..", "README.md"), "utf8");
  const block = /first: each of these commands[\s\S]*?```\n([\s\S]*?)```/.exec(readme)?.[1] ?? "";
  const named = (of: RegExp) => [...block.matchAll(of)].map(([, name]) => name);
  const [accounts, logGroups] = [named(/(?:--account|\bwhy) (\S+)/g), named(/(?:--log-group|\bwhy \d+) (\S+)/g)];
  expect([accounts.length, logGroups.length]).toEqual([4, 4]);
  const { world } = worldOf({ ...given, ...smaller(given) });
  const known = world.accounts.flatMap(({ id, name }) => [id, name]);
  expect(accounts.filter((one) => one === undefined || !known.includes(one))).toEqual([]);
  const groups: readonly (string | undefined)[] = world.logGroups.map(({ name }) => name);
  expect(logGroups.filter((one) => !groups.includes(one))).toEqual([]);
});

test("what is about to be run is said with how long it takes, from its size", () => {
  const small = { ...given, ...smaller(given) };
  expect(expectationText(worldOf(small), small.configuration)).toMatch(
    /^An organisation with 5 accounts, 1 Region, 26 log groups, 1\d,\d{3} events, 2 days: this takes about 20 seconds\.$/,
  );
  expect(expectationText(worldOf(given), given.configuration)).toMatch(
    /13 accounts, 2 Regions, 1\d\d log groups, 1\d\d,\d{3} events, \d days: this takes about \d minutes\.$/,
  );
});

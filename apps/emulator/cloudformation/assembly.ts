import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Environment } from "./environment";
import { NotDeployable } from "./errors";
import { Template } from "./template";

/** A stack as `cdk synth` left it. */
export interface AssembledStack {
  readonly stackName: string;
  readonly environment: Environment;
  readonly template: Template;
  /** Unpacked assets by the key that the template refers to them with. */
  readonly assets: ReadonlyMap<string, string>;
}

const Artifact = z.object({
  type: z.string(),
  environment: z.string().optional(),
  dependencies: z.array(z.string()).default([]),
  properties: z
    .object({
      templateFile: z.string(),
      file: z.string(),
      directoryName: z.string(),
      stackName: z.string(),
    })
    .partial()
    .default({}),
});
type Artifact = z.infer<typeof Artifact>;
const Manifest = z.object({ artifacts: z.record(z.string(), Artifact).default({}) });
const AssetManifest = z.object({
  files: z
    .record(
      z.string(),
      z.object({
        source: z.object({ path: z.string().optional(), packaging: z.string() }).partial(),
        destinations: z.record(z.string(), z.object({ objectKey: z.string() })),
      }),
    )
    .default({}),
});

/**
 * Reads a cloud assembly (`cdk.out`), its stages included: the stacks in an order in which each comes after those it depends on.
 * @throws {NotDeployable}
 */
export function readAssembly(directory: string): AssembledStack[] {
  const { artifacts } = readJson(join(directory, "manifest.json"), Manifest);
  const stacks: AssembledStack[] = [];
  const done = new Set<string>();
  const visit = (id: string) => {
    const artifact = artifacts[id];
    if (!artifact || done.has(id)) return;
    done.add(id);
    for (const dependency of artifact.dependencies) visit(dependency);
    if (artifact.type === "aws:cloudformation:stack") stacks.push(readStack(directory, id, artifact, artifacts));
    const { directoryName } = artifact.properties;
    if (artifact.type === "cdk:cloud-assembly" && directoryName)
      stacks.push(...readAssembly(join(directory, directoryName)));
  };
  for (const id of Object.keys(artifacts)) visit(id);
  return stacks;
}

function readStack(
  directory: string,
  id: string,
  stack: Artifact,
  artifacts: Record<string, Artifact>,
): AssembledStack {
  const { templateFile, stackName = id } = stack.properties;
  if (!templateFile) throw new NotDeployable(`Stack ${id} has no template`);
  const [, account, region] = /^aws:\/\/(\d{12})\/([a-z0-9-]+)$/.exec(stack.environment ?? "") ?? [];
  if (!account || !region) throw new NotDeployable(`Stack ${id} names no account and Region: give it an \`env\``);
  const files = stack.dependencies.flatMap((dependency) => {
    const { type, properties } = artifacts[dependency] ?? {};
    return type === "cdk:asset-manifest" && properties?.file ? [properties.file] : [];
  });
  const assets = files.flatMap((file) => readAssets(directory, file));
  const template = readJson(join(directory, templateFile), Template);
  return { stackName, environment: { account, region }, template, assets: new Map(assets) };
}

function readAssets(directory: string, file: string): [string, string][] {
  const { files } = readJson(join(directory, file), AssetManifest);
  return Object.values(files).flatMap(({ source, destinations }) => {
    const { path } = source;
    if (path === undefined) return [];
    return Object.values(destinations).map(({ objectKey }): [string, string] => [objectKey, join(directory, path)]);
  });
}

function readJson<T>(path: string, schema: z.ZodType<T>): T {
  if (!existsSync(path)) throw new NotDeployable(`${path} does not exist: run \`cdk synth\` first`);
  const parsed = schema.safeParse(JSON.parse(readFileSync(path, "utf8")));
  if (parsed.success) return parsed.data;
  throw new NotDeployable(`${path} is not what cdk synth writes: ${z.prettifyError(parsed.error)}`, {
    cause: parsed.error,
  });
}

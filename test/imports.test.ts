import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";

/** Who may import whom, by folder. */

const root = join(__dirname, "..");

interface Import {
  /** Paths below the repository's root. */
  readonly file: string;
  readonly imported: string;
}

const folders = ["handlers", "constructs", "apps", "bench", "test"];
const imports = folders.flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((path) => /\.tsx?$/.test(path))
    .flatMap((path) => importsOf(join(folder, path))),
);

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), "utf8");
  const specifiers = [...text.matchAll(/(?:\bfrom|\bimport|\bimport\(|\brequire\()\s*"(\.[^"]*)"/g)];
  return specifiers.map(([, specifier = ""]) => {
    const path = resolve(root, file, "..", specifier);
    const found = [path, `${path}.ts`, join(path, "index.ts")].find((one) => existsSync(one) && /\.\w+$/.test(one));
    return { file, imported: relative(root, found ?? path) };
  });
}

/** The imports from within `from` of files that match. */
function forbidden(from: string, imported: (path: string) => boolean): string[] {
  return imports
    .filter((one) => one.file.startsWith(from) && imported(one.imported))
    .map((one) => `${one.file} imports ${one.imported}`);
}

test("the imports are found", () => {
  expect(imports).toContainEqual({ file: "apps/demo/main.ts", imported: "apps/demo/command.ts" });
  expect(imports.length).toBeGreaterThan(500);
});

test("handlers import handlers only", () => {
  expect(forbidden("handlers/", (path) => !path.startsWith("handlers/"))).toEqual([]);
});

test("constructs import constructs and handlers only", () => {
  expect(forbidden("constructs/", (path) => !/^(constructs|handlers)\//.test(path))).toEqual([]);
});

test("apps import no tests", () => {
  expect(forbidden("apps/", (path) => path.startsWith("test/"))).toEqual([]);
});

test("the emulator is imported through its door, but for the tests of its parts", () => {
  const inside = (path: string) => path.startsWith("apps/emulator/") && path !== "apps/emulator/index.ts";
  const outsiders = forbidden("", inside).filter((found) => !/^(apps|test)\/emulator\//.test(found));
  expect(outsiders).toEqual([]);
});

/** The emulator's folders, each of which may import those before it. */
const layers = [
  "world",
  "storage",
  "cloudformation",
  "service",
  "protocols",
  "services/account",
  "services/athena",
  "services/cloudformation",
  "services/lambda",
  "services/scheduler",
  "services/iam",
  "services/sts",
  "services/organizations",
  "services/kms",
  "services/sns",
  "services/states",
  "services/s3",
  "services/logs",
  "authorization",
  "cloud",
  "wire",
  "lambda",
  "states",
  "deployment",
  "",
];

test("no folder of the emulator imports one that stands above it", () => {
  const within = /^apps\/emulator\/(?:(services\/[^/]+|[^/]+)\/)?[^/]+\.ts$/;
  const layer = (path: string) => layers.indexOf(within.exec(path)?.[1] ?? "");
  const own = imports.filter(({ file }) => file.startsWith("apps/emulator/"));
  expect(own.filter(({ file }) => layer(file) < 0)).toEqual([]);
  const upward = own.filter(({ file, imported }) => within.test(imported) && layer(imported) > layer(file));
  expect(upward).toEqual([]);
});

test("the emulator imports, besides its own folders, handlers only", () => {
  expect(forbidden("apps/emulator/", (path) => !/^(apps\/emulator|handlers)\//.test(path))).toEqual([]);
});

test("handlers import Zod in the way that leaves out of their bundles what they do not use", () => {
  const handlers = readdirSync(join(root, "handlers"), { recursive: true, encoding: "utf8" });
  const importing = handlers
    .filter((path) => path.endsWith(".ts"))
    .filter((path) => /import \{[^}]*\} from "zod"/.test(readFileSync(join(root, "handlers", path), "utf8")));
  expect(importing).toEqual([]);
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { findingKinds } from "../../apps/verify/findings";
import { reasons } from "../../handlers/contract/reasons";

/** Pages that list what the code knows. */

const page = (name: string) => readFileSync(join(__dirname, "..", "..", "docs", name), "utf8");

test("the page of reasons has every reason with its advice, and no other", () => {
  const rows = page("reasons.md").matchAll(/^\| `([\w-]+)` \| (.*) \|$/gm);
  expect(Object.fromEntries([...rows].map(([, code, advice]) => [code, advice]))).toEqual(reasons);
});

test("the page of damage says of every finding what to do, and that the others are none", () => {
  const [table = "", after = ""] = page("damage.md").split("\n\nA bucket without versions");
  const cured = [...table.matchAll(/^\| (`.*`) \| \S/gm)].flatMap(([, kinds = ""]) => kinds.match(/[\w-]+/g) ?? []);
  const kinds = Object.entries(findingKinds);
  expect(cured.sort()).toEqual(kinds.flatMap(([kind, { weight }]) => (weight === "damage" ? [kind] : [])).sort());
  for (const [kind, { weight }] of kinds) if (weight !== "damage") expect(after).toContain(`\`${kind}\``);
});

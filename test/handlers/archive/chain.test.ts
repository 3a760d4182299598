import fc from "fast-check";
import { type ChainLink, chainFaults, previousOf } from "../../../handlers/archive/chain";
import { sha256Hex } from "../../../handlers/archive/hashing";
import { holds } from "../support/property";

/** A chain as it grows: each link's hash is that of its content and of what it says of the one before. */
function chain(contents: readonly string[]): ChainLink[] {
  const links: ChainLink[] = [];
  for (const content of contents) {
    const said = previousOf(links.at(-1));
    links.push({ ...said, sha256: sha256Hex(`${said.number} ${said.previousSha256} ${content}`) });
  }
  return links;
}

const chains = fc.array(fc.string(), { minLength: 1, maxLength: 8 }).map(chain);

it("finds nothing in a chain that is whole, in whatever order its links were read", () => {
  holds(fc.property(chains, (links) => expect(chainFaults([...links].reverse())).toEqual([])));
  expect(chainFaults([])).toEqual([]);
});

it("names every link that was removed before the last", () => {
  const damaged = chains.chain((links) =>
    fc.tuple(fc.constant(links), fc.subarray(links.slice(0, -1).map(({ number }) => number))),
  );
  holds(
    fc.property(damaged, ([links, removed]) => {
      const left = links.filter(({ number }) => !removed.includes(number));
      expect(chainFaults(left)).toEqual(removed.map((number) => ({ number, fault: "missing" })));
    }),
  );
});

it("names the link after one that was replaced", () => {
  const links = chain(["a", "b", "c"]);
  const replaced = links.map((link) => (link.number === 2 ? { ...link, sha256: sha256Hex("forged") } : link));
  expect(chainFaults(replaced)).toEqual([{ number: 3, fault: "broken" }]);
});

it("names a link that says that it is the first, and one that says that it is not", () => {
  const [first, second] = chain(["a", "b"]);
  if (!first || !second) throw new Error("There are two links");
  expect(chainFaults([first, { ...second, previousSha256: null }])).toEqual([{ number: 2, fault: "broken" }]);
  expect(chainFaults([{ ...first, previousSha256: second.sha256 }])).toEqual([{ number: 1, fault: "broken" }]);
  expect(chainFaults([{ ...second, previousSha256: null }])).toEqual([
    { number: 1, fault: "missing" },
    { number: 2, fault: "broken" },
  ]);
});

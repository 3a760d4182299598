import fc from "fast-check";
import { legalNames, logGroupNames, logStreamNames } from "../../../apps/demo/log-files/names";

const wanted = (names: readonly string[]) => new Map(names.map((name, index) => [String(index), name]));

describe("legal names", () => {
  it("keeps a legal name as it is", () => {
    expect([...legalNames(wanted(["web/nginx", "a.b_c#1"]), logGroupNames).values()]).toEqual(["web/nginx", "a.b_c#1"]);
  });

  it("replaces what is not allowed, and tells names apart that would become the same", () => {
    const names = [...legalNames(wanted(["a b", "a_b", "a+b", "a😀b"]), logGroupNames).values()];
    expect(new Set(names).size).toBe(4);
    expect(names).toContain("a_b");
    for (const name of names) expect(name).toMatch(/^a_b(-[0-9a-f]{8})?$/);
  });

  it("gives a name to one only of two that want the same", () => {
    const names = [...legalNames(wanted(["logs", "logs"]), logGroupNames).values()];
    expect(names[0]).toBe("logs");
    expect(names[1]).toMatch(/^logs-[0-9a-f]{8}$/);
  });

  it("never takes the name of a legal one, however unlikely", () => {
    const altered = [...legalNames(wanted(["a b"]), logGroupNames).values()][0] ?? "";
    const names = [...legalNames(wanted(["a b", altered]), logGroupNames).values()];
    expect(new Set(names).size).toBe(2);
    expect(names).toContain(altered);
  });

  it("gives every key a legal name of its own, whatever is wanted", () => {
    const anyName = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom("a", "a:", "a*"),
      fc.string({ minLength: 500, maxLength: 600 }),
    );
    fc.assert(
      fc.property(fc.array(anyName), (names) => {
        for (const [rule, legal] of [
          [logGroupNames, /^[.\-_/#A-Za-z0-9]{1,512}$/],
          [logStreamNames, /^[^:*]{1,512}$/],
        ] as const) {
          const given = [...legalNames(wanted(names), rule).values()];
          expect(given).toHaveLength(names.length);
          expect(new Set(given).size).toBe(names.length);
          for (const name of given) expect(name).toMatch(legal);
        }
      }),
      { seed: 1 },
    );
  });
});
